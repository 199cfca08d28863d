"""Axes: where ticks stand and what a value is in pixels."""
import math
import time
from dataclasses import dataclass

_TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)


@dataclass
class Scale:
    low: float
    high: float
    pixels: float
    inverted: bool = False          # y grows downwards on a screen

    def at(self, value):
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return self.pixels * (1 - share if self.inverted else share)


def _nice(wanted, base):
    """The smallest round step that is not below the wanted one."""
    if base == 2:
        return 2.0 ** math.ceil(math.log2(wanted))
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= wanted * 0.999)


def value_scale(values, pixels, low=None, high=None, soft=(None, None), unit=""):
    """A vertical scale with some air above, and the values at which its ticks stand."""
    bottom = min(values, default=0.0)
    top = max(values, default=1.0)
    if soft[0] is not None:
        bottom = min(bottom, soft[0])
    if soft[1] is not None:
        top = max(top, soft[1])
    if top == bottom:
        bottom, top = (bottom - 1, top + 1) if top == 0 else (min(0, bottom * 2), max(0, top * 2))
    air = (top - bottom) * 0.05
    bottom = bottom if bottom == 0 else bottom - air
    if min(values, default=0) >= 0:
        bottom = max(0, bottom)
    top += air
    bottom = low if low is not None else bottom
    top = high if high is not None else top
    if top <= bottom:
        top = bottom + 1
    step = _nice((top - bottom) / max(1, pixels / 30), 2 if unit in ("bytes", "binBps") else 10)
    first = math.ceil(bottom / step - 1e-9)
    ticks = [i * step for i in range(first, math.floor(top / step + 1e-9) + 1)]
    return Scale(bottom, top, pixels, True), ticks


def time_scale(window, pixels):
    """A horizontal scale and [(x, label)]."""
    scale = Scale(window.start, window.end, pixels)
    step = next((one for one in _TIME_STEPS if window.seconds / one <= pixels / 90), _TIME_STEPS[-1])
    shift = -time.timezone % step if step > 1800 else 0
    first = math.ceil((window.start + shift) / step) * step - shift
    pattern = "%H:%M:%S" if step < 60 else "%H:%M" if step < 86400 else "%m-%d"
    ticks = []
    while first <= window.end:
        ticks.append((scale.at(first), time.strftime(pattern, time.localtime(first))))
        first += step
    return scale, ticks
