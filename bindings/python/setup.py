"""Tags a wheel that contains the C library with its platform, see wheels.sh."""

import os

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.dist import Distribution

PLATFORM = os.environ.get("LUMA_WHEEL_PLATFORM")


class Wheel(bdist_wheel):
    def get_tag(self):
        return ("py3", "none", PLATFORM or "any")


class WithLibrary(Distribution):
    """Not pure Python, but of no particular Python either."""

    def has_ext_modules(self):
        return PLATFORM is not None


setup(cmdclass={"bdist_wheel": Wheel}, distclass=WithLibrary)
