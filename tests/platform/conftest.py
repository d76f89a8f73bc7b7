"""One deployed platform for all tests here; a test that changes more than data makes a checkout of its own."""

from collections.abc import Callable, Iterator

import pytest

from checkout import Checkout, copy_of_this


@pytest.fixture(scope="session")
def new_checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Checkout]]:
    """Makes checkouts whose cloudstages are gone at the end, whatever a test did."""
    made: list[Checkout] = []

    def make() -> Checkout:
        made.append(copy_of_this(tmp_path_factory.mktemp("checkout") / "dst"))
        return made[-1]

    yield make
    for checkout in made:
        checkout.dst("down", "--all", "--delete-data")


@pytest.fixture(scope="session")
def platform(new_checkout: Callable[[], Checkout]) -> Checkout:
    """The platform as this checkout says, deployed in the default workspace."""
    checkout = new_checkout()
    checkout.dst("up")
    checkout.dst("apply")
    return checkout
