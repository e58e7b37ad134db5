"""Example decision trees: a beginning that whoever answers for regulatory affairs judges, changes and approves.

They come as drafts marked as examples. Nothing is decided by them before a person of the plant has approved them.
"""

from __future__ import annotations

from typing import Any

from core.kernel.deeds import service
from core.organization.services import require
from qms.complaints.models import DecisionTree
from qms.complaints.services.trees import CHANGE, create_tree

FDA_MDR = """\
start: marketed
questions:
  marketed:
    ask: Is it a device that is marketed in the United States, or one that is similar to such a device?
    clause: 21 CFR 803.50(a)
    yes: death
    no: not_marketed
  death:
    ask: Does what is known reasonably suggest that the device may have caused a death, or contributed to one?
    clause: 21 CFR 803.50(a)(1)
    yes: remedial
    no: injury
  injury:
    ask: Does it reasonably suggest that the device may have caused a serious injury, or contributed to one?
    help: Life-threatening, permanent impairment or damage, or treatment was needed to prevent such.
    clause: 21 CFR 803.50(a)(1), 803.3 serious injury
    yes: remedial
    no: malfunction
  malfunction:
    ask: Did the device malfunction, that is, fail to meet its specifications or to perform as intended?
    clause: 21 CFR 803.3 malfunction
    yes: recurrence
    no: not_reportable
  recurrence:
    ask: If it happened again, would this device or a similar one be likely to cause death or serious injury?
    clause: 21 CFR 803.50(a)(2)
    yes: remedial
    no: not_reportable
  remedial:
    ask: >-
      Is remedial action needed to prevent an unreasonable risk of substantial harm to public health, or has the FDA
      asked in writing for 5-day reports of such events?
    clause: 21 CFR 803.53
    yes: five_day
    no: thirty_day
results:
  five_day:
    title: MDR 5-day report
    reportable: true
    days: 5
    count: work
    clause: 21 CFR 803.53
    form: fda_3500a
  thirty_day:
    title: MDR 30-day report
    reportable: true
    days: 30
    count: calendar
    clause: 21 CFR 803.50(a)
    form: fda_3500a
  not_reportable:
    title: Not reportable to the FDA
    reportable: false
    clause: 21 CFR 803.50(a)
  not_marketed:
    title: Not a device for the United States
    reportable: false
    clause: 21 CFR 803.50(a)
"""

EU_MDR = """\
start: market
questions:
  market:
    ask: Is it a device that was made available on the market of the European Union?
    clause: Regulation (EU) 2017/745 Art. 87(1)
    yes: expected
    no: not_market
  expected:
    ask: Is it an expected side-effect that the product information and technical documentation describe?
    help: Such side-effects are watched by trend reporting instead.
    clause: Regulation (EU) 2017/745 Art. 87(1)(a), 88
    yes: trend
    no: serious
  serious:
    ask: Did it lead, or might it lead, to a death, a serious deterioration of health or a serious public health threat?
    clause: Regulation (EU) 2017/745 Art. 2(65)
    yes: threat
    no: not_serious
  threat:
    ask: Is there a serious public health threat?
    clause: Regulation (EU) 2017/745 Art. 2(66), 87(4)
    yes: two_day
    no: death
  death:
    ask: Was it a death, or a serious deterioration of health that was not anticipated?
    clause: Regulation (EU) 2017/745 Art. 87(5)
    yes: ten_day
    no: fifteen_day
results:
  two_day:
    title: Serious public health threat, 2 days
    reportable: true
    days: 2
    count: calendar
    clause: Regulation (EU) 2017/745 Art. 87(4)
    form: eu_mir
  ten_day:
    title: Death or unanticipated serious deterioration, 10 days
    reportable: true
    days: 10
    count: calendar
    clause: Regulation (EU) 2017/745 Art. 87(5)
    form: eu_mir
  fifteen_day:
    title: Serious incident, 15 days
    reportable: true
    days: 15
    count: calendar
    clause: Regulation (EU) 2017/745 Art. 87(3)
    form: eu_mir
  not_serious:
    title: No serious incident
    reportable: false
    clause: Regulation (EU) 2017/745 Art. 2(65)
  trend:
    title: Expected side-effect, watched as a trend
    reportable: false
    clause: Regulation (EU) 2017/745 Art. 88
  not_market:
    title: Not on the market of the Union
    reportable: false
    clause: Regulation (EU) 2017/745 Art. 87(1)
"""

FIELD_ALERT = """\
start: drug
questions:
  drug:
    ask: Is it a drug product that was distributed under an approved application (NDA or ANDA)?
    clause: 21 CFR 314.81(b)(1)
    yes: mixup
    no: not_drug
  mixup:
    ask: Could the product or its label be mistaken for, or be put on, another article?
    clause: 21 CFR 314.81(b)(1)(i)
    yes: alert
    no: quality
  quality:
    ask: Is it about contamination, a significant change or deterioration, or a lot that fails its specification?
    clause: 21 CFR 314.81(b)(1)(ii)
    yes: alert
    no: no_alert
results:
  alert:
    title: Field alert report, 3 work days
    reportable: true
    days: 3
    count: work
    clause: 21 CFR 314.81(b)(1)
    form: field_alert
  no_alert:
    title: No field alert
    reportable: false
    clause: 21 CFR 314.81(b)(1)
  not_drug:
    title: Not a drug product under an approved application
    reportable: false
    clause: 21 CFR 314.81(b)(1)
"""

AEROSPACE = """\
start: delivered
questions:
  delivered:
    ask: Was the product delivered to a customer of the aviation, space or defense industry?
    clause: AS9100D 8.7.1
    yes: nonconforming
    no: not_delivered
  nonconforming:
    ask: Does it not conform, or may its reliability, safety or fitness for its use be affected?
    clause: AS9100D 8.7.1
    yes: notice
    no: no_notice
results:
  notice:
    title: Notice to the customer
    reportable: true
    days: 3
    count: work
    clause: AS9100D 8.7.1; the contract sets the days
    form: customer
  no_notice:
    title: No notice to the customer
    reportable: false
    clause: AS9100D 8.7.1
  not_delivered:
    title: Not delivered to such a customer
    reportable: false
    clause: AS9100D 8.7.1
"""

EXAMPLES = (
    ("FDA-MDR", "Medical device reporting (United States)", "FDA, CDRH", FDA_MDR),
    ("EU-MDR-87", "Serious incidents (European Union)", "Competent authority of the member state", EU_MDR),
    ("FDA-FAR", "Field alert of drug products (United States)", "FDA, district office", FIELD_ALERT),
    ("AS-NOTICE", "Notice to aerospace customers", "Customer", AEROSPACE),
)


@service
def create_examples(*, actor: Any) -> list[DecisionTree]:
    """Add the example trees that are not there yet, as drafts; returns what was added."""
    require(actor, CHANGE)
    known = set(DecisionTree.objects.values_list("code", flat=True))
    return [
        create_tree(code=code, name=name, authority=authority, content=content, is_example=True, actor=actor)
        for code, name, authority, content in EXAMPLES
        if code not in known
    ]
