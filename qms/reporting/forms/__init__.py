"""What pages of trends and reports ask for."""

from qms.reporting.forms.analysis import AnalysisForm
from qms.reporting.forms.rules import FiguresForm, OwnSubscriptionForm, RuleForm, ScheduleForm, SubscribeForm

__all__ = ["AnalysisForm", "FiguresForm", "OwnSubscriptionForm", "RuleForm", "ScheduleForm", "SubscribeForm"]
