"""What people type, taken as it is meant: numbers, dates, days, words and codes.

Every parser gives a :class:`~freight.io.typed.taken.Taken`: the value, and what it was read as
where that is not what stands there. What can be read in two ways is refused with both readings.
"""
