"""A twin of TouchOSC (hexler.net/touchosc, 1.5): a tablet that loads a layout, is touched, and speaks OSC.

Made from the format and the manual, not from how we write layouts: so that a layout which only we understand fails.
What the manual leaves open is a habit that tests can choose.
"""

from support.touch_osc.controls import Control
from support.touch_osc.document import OscBinding, parse_tosc
from support.touch_osc.tablet import Finger, Habits, Heard, Tablet

__all__ = ["Control", "Finger", "Habits", "Heard", "OscBinding", "Tablet", "parse_tosc"]
