"""Where values lie on a chart of an interactive figure, and what its axes draw."""

LEFT, RIGHT, TOP, BOTTOM = 32, 294, 6, 106
VIEW = "0 0 300 124"


class Chart:
    """A chart of two axes, each with two ends and what it marks."""

    def __init__(self, across, up, box=(LEFT, RIGHT, TOP, BOTTOM)):
        self.across, self.up, self.box = across, up, box

    def x(self, value):
        """Return how far from the left a value lies."""
        (first, last, _), (left, right, _, _) = self.across, self.box
        return left + (right - left) * (value - first) / (last - first)

    def y(self, value):
        """Return how far from the upper edge a value lies."""
        (low, high, _), (_, _, top, bottom) = self.up, self.box
        return bottom - (bottom - top) * (value - low) / (high - low)

    def shapes(self):
        """Return what the axes draw: the ticks with their texts, the grid, and the line of zero."""
        left, right, top, bottom = self.box
        across, up = self.across[2], self.up[2]
        ticks = [[self.x(n), bottom + 13, said(n)] for n in across] + [[left - 5, self.y(n) + 3.5, said(n)] for n in up]
        grid = [n for value in across for n in (self.x(value), top, bottom)]
        grid += [n for value in up for n in (left, self.y(value), right)]
        zero = self.y(0) if self.up[0] < 0 else bottom
        return {"tick": ticks, "live-grid-lines": [[*grid]], "live-zero": [[left, zero, right]]}


def said(number):
    """Return a tick's text, with a minus as wide as a plus."""
    return f"{number:g}".replace("-", "\u2212")


def joined(*all_shapes):
    """Return the shapes of several charts, in their order."""
    together = {}
    for shapes in all_shapes:
        for name, places in shapes.items():
            together[name] = together.get(name, []) + places
    return together
