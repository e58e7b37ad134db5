"""The tests of content that the syntax dictionary names, one small function each.

Each takes the characters of one component, whose length and alphabet were looked at before, and returns in words what
is wrong, or nothing. A name in the dictionary without a function here is found by a test.
"""

from core.kernel.gs1.linters import content, coupons
from core.kernel.gs1.linters.content import ALPHABETS, check_digit, date_of, is_number
from core.kernel.gs1.linters.registry import LINTERS

__all__ = ("ALPHABETS", "LINTERS", "check_digit", "content", "coupons", "date_of", "is_number")
