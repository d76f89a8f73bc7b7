"""Turn moto's backends into bytes and back.

moto was not made to be saved: its backends hold locks, weak references, private keys and lambdas, and refer
to each other through module-level registries. Most of it pickles as it is; the few kinds of objects that do
not are taken apart here. The C pickler does the work, dill only the functions that have no name to be found
by: dill's own pickler is written in Python and many times slower.
"""

from __future__ import annotations

import io
import pickle
import sys
import threading
import types
import weakref
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.s3 import models
from moto.s3.models import FakeBucket, FakeKey, MultipartDict

from cloudstage.contents.bodies import BodyStore, StoredBody

PROTOCOL = 5
UNPICKLABLE = (pickle.PicklingError, TypeError, AttributeError, RecursionError)
Reduced = tuple[Any, ...]
Reducer = Callable[[Any], Reduced]


def dumps(objects: Any, bodies: BodyStore) -> bytes:
    """Pickle ``objects``; bodies of S3 objects go to ``bodies``.

    What is in a bucket is left out: the journal has it.

    Raises:
        RuntimeError: something was changed meanwhile; try again.
        one of UNPICKLABLE: there is an object that can't be pickled.
    """
    buffer = io.BytesIO()
    _Pickler(buffer, bodies).dump(objects)
    return buffer.getvalue()


def loads(data: bytes, bodies: BodyStore) -> Any:
    """The inverse of ``dumps``."""
    return _Unpickler(io.BytesIO(data), bodies).load()


class _Pickler(pickle.Pickler):
    """Nothing in here refers to the pickler: a cycle would keep all that was pickled until a full collection."""

    def __init__(self, file: io.BytesIO, bodies: BodyStore) -> None:
        super().__init__(file, PROTOCOL)
        self._bodies = bodies

    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        if kind is FakeKey:
            return _reduce_key(obj, self._bodies)
        if kind not in _found:
            _found[kind] = _find_reducer(kind)
        reducer = _found[kind]
        return reducer(obj) if reducer else NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, bodies: BodyStore) -> None:
        super().__init__(file)
        self._bodies = bodies

    def find_class(self, module: str, name: str) -> Any:
        """Bodies are found in the store of this cloudstage, wherever its directory has been moved to."""
        found = super().find_class(module, name)
        return self._bodies.find if found is StoredBody else found


def _reduce_key(key: FakeKey, bodies: BodyStore) -> Reduced:
    state = {name: value for name, value in vars(key).items() if name not in ("lock", "_value_buffer")}
    state["_value_buffer"] = bodies.keep(key)
    return _new_key, (), state, None, None, _restore_key


def _new_key() -> FakeKey:
    """An object that may be given up at any time, as happens if its body is missing."""
    key: Any = FakeKey.__new__(FakeKey)
    key.disposed = True
    return key  # type: ignore[no-any-return]


def _restore_key(key: FakeKey, state: dict[str, Any]) -> None:
    key.__dict__.update(state, lock=threading.Lock())


def _reduce_bucket(bucket: FakeBucket) -> Reduced:
    state = {name: value for name, value in vars(bucket).items() if name not in ("keys", "multiparts")}
    return type(bucket).__new__, (type(bucket),), state, None, None, _restore_bucket


def _restore_bucket(bucket: FakeBucket, state: dict[str, Any]) -> None:
    new_keys = vars(models)["_VersionedKeyStore"]  # an adapter may have replaced it
    vars(bucket).update(state, keys=new_keys(), multiparts=MultipartDict())


def _find_reducer(kind: type) -> Reducer | None:
    for base, reducer in _REDUCERS.items():
        if issubclass(kind, base):
            return reducer
    if kind.__module__.startswith("cryptography.hazmat.") and kind.__name__.endswith("PrivateKey"):
        return _reduce_private_key
    if kind.__module__.startswith("cryptography.hazmat.") and kind.__name__ == "Certificate":
        return _reduce_certificate
    return None


def _reduce_function(function: types.FunctionType) -> Any:
    """By name, as pickle does it, where the name leads back to the function; by its code otherwise."""
    found: Any = sys.modules.get(function.__module__)
    for name in function.__qualname__.split("."):
        found = getattr(found, name, None)
    if found is function:
        return NotImplemented
    import dill

    return dill.loads, (dill.dumps(function, recurse=True),)


def _reduce_private_key(key: Any) -> Reduced:
    from cryptography.hazmat.primitives import serialization

    data = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return _private_key, (data,)


def _private_key(data: bytes) -> Any:
    from cryptography.hazmat.primitives import serialization

    # It was a valid key when it was saved; checking an RSA key again takes longer than all the rest.
    return serialization.load_der_private_key(data, None, unsafe_skip_rsa_key_validation=True)


def _reduce_certificate(certificate: Any) -> Reduced:
    from cryptography.hazmat.primitives import serialization

    return _certificate, (certificate.public_bytes(serialization.Encoding.DER),)


def _certificate(data: bytes) -> Any:
    from cryptography import x509

    return x509.load_der_x509_certificate(data)


def registry(module: str, name: str) -> BackendDict[Any]:
    """The registry of one service's backends, such as ``moto.s3.models.s3_backends``."""
    __import__(module)
    found: BackendDict[Any] = getattr(sys.modules[module], name)
    return found


def registry_name(backends: BackendDict[Any]) -> tuple[str, str]:
    """Where to find a registry again: module and name, the arguments of ``registry``."""
    module = backends.backend.__module__
    for name, value in vars(sys.modules[module]).items():
        if value is backends:
            return module, name
    raise pickle.PicklingError(f"the backends of {backends.service_name} have no name in {module}")


def _account(backends: BackendDict[Any], account_id: str) -> AccountSpecificBackend[Any]:
    return backends[account_id]


def _reduce_account(backends: AccountSpecificBackend[Any]) -> Reduced:
    module = sys.modules[backends.backend.__module__]
    for value in vars(module).values():
        if isinstance(value, BackendDict) and dict.get(value, backends.account_id) is backends:
            return _account, (value, backends.account_id)
    raise pickle.PicklingError(f"the backends of {backends.service_name} have no name in {module}")


def _reduce_dict(obj: dict[Any, Any]) -> Any:
    """Take what is really in a dictionary of moto's.

    Pickle would ask its ``items`` and hand them to its ``__setitem__``; as moto overrides these, only the last
    version of each S3 object would survive.
    """
    if type(obj).__module__ == "collections":
        return NotImplemented
    content = dict(dict.items(obj))
    factory = getattr(obj, "default_factory", None)
    return type(obj).__new__, (type(obj),), (vars(obj), content, factory), None, None, _restore_dict


def _restore_dict(obj: dict[Any, Any], state: tuple[dict[str, Any], dict[Any, Any], Any]) -> None:
    attributes, content, factory = state
    vars(obj).update(attributes)
    dict.update(obj, content)
    if isinstance(obj, defaultdict):
        obj.default_factory = factory


def _weak_reference(*target: Any) -> Any:
    return weakref.ref(*target) if target else _gone


def _gone() -> None:
    """Stand for a weak reference whose object was gone when it was saved."""


_REDUCERS: dict[type, Reducer] = {
    type(threading.Lock()): lambda _: (threading.Lock, ()),
    type(threading.RLock()): lambda _: (threading.RLock, ()),
    threading.Condition: lambda _: (threading.Condition, ()),
    weakref.WeakValueDictionary: lambda it: (weakref.WeakValueDictionary, (), None, None, iter(it.items())),
    weakref.ref: lambda it: (_weak_reference, () if it() is None else (it(),)),
    BackendDict: lambda it: (registry, registry_name(it)),
    AccountSpecificBackend: _reduce_account,
    FakeBucket: _reduce_bucket,
    dict: _reduce_dict,
}
_found: dict[type, Reducer | None] = {types.FunctionType: _reduce_function}
