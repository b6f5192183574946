"""From Lambert-93, the map grid of metropolitan France (RGF93, EPSG:2154), to latitude and longitude.

The inverse of the Lambert conformal conic projection with two standard parallels, after Snyder, *Map projections: a
working manual* (USGS Professional Paper 1395), equations 15-1 to 15-11 and 7-9, with the constants of EPSG:2154.
"""

from __future__ import annotations

from math import atan, cos, degrees, exp, hypot, log, pi, radians, sin, sqrt, tan
from typing import Final

_A: Final = 6_378_137.0
_E: Final = sqrt(0.006_694_380_022_900_788)  # GRS 80
_PARALLELS: Final = (radians(44.0), radians(49.0))
_ORIGIN: Final = (radians(46.5), radians(3.0))
_FALSE: Final = (700_000.0, 6_600_000.0)
#: Within this box lies what the grid is made for.
_BOX: Final = (-400_000.0, 1_400_000.0, 5_900_000.0, 7_300_000.0)


def _isometric(latitude: float) -> float:
    bent = _E * sin(latitude)
    return log(tan(pi / 4 + latitude / 2) * ((1 - bent) / (1 + bent)) ** (_E / 2))


def _scale(latitude: float) -> float:
    return cos(latitude) / sqrt(1 - (_E * sin(latitude)) ** 2)


_N: Final = log(_scale(_PARALLELS[1]) / _scale(_PARALLELS[0])) / (_isometric(_PARALLELS[0]) - _isometric(_PARALLELS[1]))
_C: Final = _A * _scale(_PARALLELS[0]) / _N * exp(_N * _isometric(_PARALLELS[0]))
_R0: Final = _C * exp(-_N * _isometric(_ORIGIN[0]))


def to_wgs84(x: str, y: str) -> tuple[float, float] | None:
    """Give latitude and longitude in degrees, to the seventh decimal; None for what is no place of that grid.

    The false origin is the origin:

    >>> to_wgs84("700000", "6600000")
    (46.5, 3.0)
    >>> to_wgs84("", "12")
    """
    try:
        east, north = float(x), float(y)
    except ValueError:
        return None
    if not (_BOX[0] <= east <= _BOX[1] and _BOX[2] <= north <= _BOX[3]):
        return None
    across, down = east - _FALSE[0], _R0 - (north - _FALSE[1])
    longitude = _ORIGIN[1] + atan(across / down) / _N
    isometric = log(_C / hypot(across, down)) / _N
    latitude = 2 * atan(exp(isometric)) - pi / 2
    for _ in range(6):
        bent = _E * sin(latitude)
        latitude = 2 * atan(((1 + bent) / (1 - bent)) ** (_E / 2) * exp(isometric)) - pi / 2
    return round(degrees(latitude), 7), round(degrees(longitude), 7)
