"""Drives the matched vendor's own SDK, unmodified, against a server.

Usage: suite.py EXPECTED, with FACTORIAL_BASE_URL and FACTORIAL_API_KEY in the environment. EXPECTED is a JSON file that
says for each version of the SDK how many calls have to pass. What the SDK can do is found by looking at it, so that
nothing is forgotten:

- list, all, paginate and get of every resource parse into their models, are not empty, and have the JSON types that the
  models are annotated with;
- what a get gave can be sent back with an update, and with a create, and is answered as it was sent; what was created
  can be deleted;
- every other operation is called with the least that it takes; what it answers parses, or it is refused in words.

A call that is answered with 501 is counted as not there yet, one that a rule of the business refuses as refused.
"""

import datetime
import enum
import importlib.metadata
import inspect
import json
import re
import sys
import types
import typing

from factorial_api_client import FactorialClient
from factorial_api_client.generated import models
from factorial_api_client.generated.types import File

from prepared import PREPARED

# What every resource has; the rest are operations beyond the plain five.
PLAIN = {"list", "all", "paginate", "get", "create", "update", "delete"}

# Texts that only some values can be.
TEXTS = {"subscription_type": "employees/employee/update", "target_url": "http://127.0.0.1:9/"}

# Lists that have nothing without a parameter.
EMPTY = {"performance/review_process_estimated_targets", "job_catalog/node_attributes"}


# How a rule of the business refuses.
REFUSED = (404, 409, 422)

# Fields of an object that a body repeats and that are not its own to change.
OURS = {"id", "created_at", "updated_at"}


class NotYet(Exception):
    """The server answered that the operation is not there yet."""


class Untried(Exception):
    """There is nothing to call the operation with."""


class Suite:
    def __init__(self):
        self.client = FactorialClient()
        self.seen, self.path = None, ""
        http = self.client._client.get_httpx_client()
        http.event_hooks["response"].append(self.see)
        self.passed, self.missing, self.untried, self.refused, self.failed = {}, [], [], [], []
        # The first object of each resource, by what one of them is called.
        self.firsts = {}

    def see(self, response):
        response.read()
        self.seen = response

    def resources(self):
        for namespace in sorted(vars(self.client)):
            if namespace.startswith("_"):
                continue
            holder = getattr(self.client, namespace)
            for name in sorted(set(vars(holder)) | {n for n in dir(type(holder)) if not n.startswith("_")}):
                resource = getattr(holder, name)
                if not name.startswith("_") and hasattr(resource, "_client"):
                    yield f"{namespace}/{name}", resource

    def check(self, path, what, call):
        self.seen = None
        try:
            call()
        except NotYet:
            self.missing.append(f"{path}.{what}")
        except Untried as reason:
            self.untried.append(f"{path}.{what}: {reason}")
        except Exception as error:
            status = self.seen.status_code if self.seen is not None else None
            if status == 501:
                self.missing.append(f"{path}.{what}")
            elif status == 400 and what not in PLAIN - {"create"}:
                # Some of the body was made up.
                self.untried.append(f"{path}.{what}: {self.seen.text[:300]}")
            elif status in REFUSED and what not in PLAIN - {"create", "update"}:
                problem = self.seen.json()
                assert problem["status"] == status and problem["code"] and problem["detail"]
                self.refused.append(f"{path}.{what}: {status} {problem['code']}: {problem['detail']}")
            else:
                detail = "" if status in (None, 200, 201) else self.seen.text[:300]
                self.failed.append(f"{path}.{what}: {status} {type(error).__name__}: {str(error)[:200]} {detail}")
        else:
            self.passed[what] = self.passed.get(what, 0) + 1

    def run(self):
        found = {}
        for path, resource in self.resources():
            objects, got = [], found.setdefault(path, [])
            if hasattr(resource, "list") and path not in EMPTY:
                self.path = path
                self.check(path, "list", lambda: objects.extend(self.listed(path, resource)))
                if objects:
                    self.firsts[singular(path.split("/")[1])] = objects[0]
                self.check(path, "all", lambda: self.some(resource.all(max_items=150, **self.needed(resource, "list"))))
                pages = lambda: self.some(list(resource.paginate(max_items=3, limit=2, **self.needed(resource, "list"))))
                self.check(path, "paginate", pages)
            if hasattr(resource, "get"):
                self.check(path, "get", lambda: got.append(self.got(resource, objects)))

        # When everything is known that a body may refer to.
        for path, resource in self.resources():
            got = found[path]
            if not hasattr(resource, "get"):
                continue
            if hasattr(resource, "update"):
                self.check(path, "update", lambda: self.update(path, resource, got))
            if hasattr(resource, "create"):
                self.check(path, "create", lambda: self.create(path, resource, got))

        # At the end, because they change what the others look at.
        for path, resource in self.resources():
            for name in sorted(dir(type(resource))):
                if not name.startswith("_") and not name.endswith("_async") and name not in PLAIN:
                    own = self.fresh(path, resource)
                    before = self.passed.get(name, 0)
                    self.check(path, name, lambda: self.act(path, resource, name, own))
                    if self.passed.get(name, 0) > before:
                        self.passed[name] = before
                        self.passed["act"] = self.passed.get("act", 0) + 1
        self.passed = {what: count for what, count in self.passed.items() if count}

    def fresh(self, path, resource):
        """An object of a resource that is there now, where it has a list."""
        if hasattr(resource, "list") and path not in EMPTY:
            self.path = path
            page = resource.list(**self.needed(resource, "list"))
            return page.data[0] if page and page.data else None
        return self.firsts.get(singular(path.split("/")[1]))

    # What is prepared.

    def id(self, number):
        """A number as an id of this version."""
        return type(self.firsts["employee"].id)(number)

    def resource(self, path):
        namespace, name = path.split("/")
        return getattr(getattr(self.client, namespace), name)

    def found(self, path):
        """What a list has now."""
        resource = self.resource(path)
        return list(resource.all(max_items=200, **self.needed(resource, "list")))

    def first(self, path, **members):
        """The first object of a list with such members."""
        of = lambda one, name: getattr(getattr(one, name), "value", getattr(one, name)) or None
        same = lambda one: all(of(one, name) == (value or None) for name, value in members.items())
        return next(one for one in self.found(path) if same(one))

    def made(self, path, **members):
        """An object like the first one of its list, but for some members."""
        resource, known = self.resource(path), self.found(path)[0].to_dict()
        return self.answered(resource.create(body=self.body(resource, "create", {**known, **members})))

    def done(self, path, operation, **members):
        """What an operation answers that is given the least and some members."""
        resource = self.resource(path)
        return self.answered(getattr(resource, operation)(body=self.filled(resource, operation, members)))

    def prepared(self, what):
        try:
            return PREPARED[what](self) if what in PREPARED else {}
        except (LookupError, StopIteration, AttributeError):
            # An older version has not everything; then the call is as good as can be guessed.
            return {}

    # What each call has to be.

    def answered(self, parsed):
        if self.seen is not None and self.seen.status_code == 501:
            raise NotYet
        assert self.seen is not None and self.seen.status_code in (200, 201), f"answered {self.seen}"
        assert parsed is not None, "nothing was parsed"
        return parsed

    def some(self, items):
        self.answered(items)
        assert items, "it is empty"

    def listed(self, path, resource):
        page = self.answered(resource.list(**self.needed(resource, "list")))
        raw = self.seen.json()
        assert page.data, "it is empty"
        assert isinstance(raw["meta"]["total"], int)
        for model, value in zip(page.data, raw["data"]):
            typed(type(model), value)
        return page.data

    def got(self, resource, objects):
        if not objects:
            raise Untried("the list has nothing")
        model = self.answered(resource.get(objects[0].id))
        typed(type(model), self.seen.json())
        assert lasting(model) == lasting(objects[0]), "it is not what the list has"
        return model

    def update(self, path, resource, got):
        if not got:
            raise Untried("nothing was got")
        known = {**got[0].to_dict(), **self.prepared(f"{path}.update")}
        body = self.body(resource, "update", known)
        self.answered(resource.update(known["id"], body=body))
        self.same(body.to_dict(), self.seen.json())

    def create(self, path, resource, got):
        if not got:
            raise Untried("nothing was got")
        body = self.body(resource, "create", {**got[0].to_dict(), **self.prepared(f"{path}.create")})
        made = self.answered(resource.create(body=body))
        assert self.seen.status_code == 201
        self.same(body.to_dict(), self.seen.json())
        if hasattr(resource, "delete"):
            self.answered(resource.delete(made.id))

    def act(self, path, resource, name, own):
        body = self.filled(resource, name, self.prepared(f"{path}.{name}"), own)
        self.answered(getattr(resource, name)(body=body))

    def filled(self, resource, name, members, own=None):
        """The body of an operation: the least that it takes, and some members."""
        endpoint = self.endpoint(resource, name)
        parameter = inspect.signature(endpoint._get_kwargs).parameters.get("body")
        taken = [one for one in kinds(endpoint, parameter) if hasattr(one, "from_dict")] if parameter else []
        if not taken:
            raise Untried("it takes no JSON")
        takes = {name.rstrip("_") for name in taken[0].__annotations__}
        members = {name: value for name, value in members.items() if name in takes}
        return named(taken[0].from_dict({**self.least(taken[0], own, members), **wired(taken[0], members)}))

    def least(self, model, own, given=()):
        """The least that a body takes besides what is given."""
        module = sys.modules[model.__module__]
        required = inspect.signature(model.__init__).parameters.items()
        required = [name for name, one in required if name != "self" and one.default is inspect.Parameter.empty]
        required = [name for name in required if name.rstrip("_") not in given]
        least = {name.rstrip("_"): self.value(module, name.rstrip("_"), model.__annotations__[name], own) for name in required}
        return wired(model, least)

    def value(self, module, name, annotation, own):
        annotation = str(annotation)
        if annotation.startswith("list["):
            return [self.value(module, singular(name), annotation[5:-1], own)]
        kind = alternatives(annotation)[0].strip("\"'")
        if kind == "Any":
            raise Untried(f"the SDK does not say what {name} is")
        if kind == "File":
            return b"What is in a file."
        # Models of nested objects are imported for type checkers only, but all stand in one package.
        model = getattr(module, kind, None) or getattr(models, kind, None)
        if isinstance(model, type) and issubclass(model, enum.Enum):
            return list(model)[0].value
        if isinstance(model, type) and hasattr(model, "from_dict"):
            return self.least(model, own)
        day = datetime.date.today()
        plain = {"datetime.date": day.isoformat(), "datetime.datetime": f"{day}T09:00:00Z", "bool": False}
        if kind in plain:
            return plain[kind]
        given = getattr(own, name, None)
        if isinstance(given, (str, int, float)) and not isinstance(given, enum.Enum):
            return given
        if name.endswith("id") and (known := self.known(name.removesuffix("id").rstrip("_"))) is not None:
            return known
        if name == "now" or name.endswith(("_on", "_at", "date", "time")):
            return f"{day}T09:00:00Z" if name in ("now", "clock_time") else day.isoformat()
        text = TEXTS.get(name, "1" if name.endswith("id") else "something")
        return {"int": 1, "float": 1.0}.get(kind, text)

    def known(self, name):
        """The id of what a reference is called after: `training_id`, `performance_review_process_id`."""
        person = self.firsts.get("employee")
        if person is not None and name.split("_")[-1] == "company":
            return person.company_id
        if person is not None and name.split("_")[-1] in ("access", "author"):
            return person.access_id
        found = [one for one in self.firsts if name == one or name.endswith(f"_{one}")]
        return getattr(self.firsts[max(found, key=len)], "id", None) if found else None

    # What is known of the SDK.

    def endpoint(self, resource, method):
        """The module of the operation that a method calls."""
        names = getattr(type(resource), method).__code__.co_names
        module = sys.modules[type(resource).__module__]
        found = [getattr(module, name, None) for name in names]
        return next(one for one in found if isinstance(one, types.ModuleType) and hasattr(one, "_get_kwargs"))

    def needed(self, resource, method):
        """Values for the parameters without which the SDK itself fails: all that there may be."""
        endpoint = self.endpoint(resource, method)
        needed = {}
        for name, parameter in inspect.signature(endpoint._get_kwargs).parameters.items():
            if parameter.default is not inspect.Parameter.empty:
                continue
            choices = [one for one in kinds(endpoint, parameter) if issubclass(one, enum.Enum)]
            if choices:
                members = list(choices[0])
                several = "list[" in str(parameter.annotation).lower()
                needed[name] = members if several else next((m for m in members if m.value in ("all", "enabled")), members[0])
        return needed

    def body(self, resource, method, known):
        endpoint = self.endpoint(resource, method)
        parameter = inspect.signature(endpoint._get_kwargs).parameters.get("body")
        taken = [one for one in kinds(endpoint, parameter) if hasattr(one, "from_dict")] if parameter else []
        if not taken:
            raise Untried("it takes no JSON")
        own = taken[0].__annotations__
        takes = {name.rstrip("_"): str(annotation) for name, annotation in own.items() if name != "additional_properties"}
        given = {name: value for name, value in known.items() if name in takes and value is not None}
        given = {name: value for name, value in given.items() if name not in OURS or method == "update"}
        # A file is not sent back as what is told of it, and a choice may be narrower than what there is.
        given = {name: value for name, value in given.items() if "File" not in takes[name] and self.fits(taken[0], takes[name], value)}
        # What bodies call otherwise than objects do, or insist on.
        given = {**self.least(taken[0], None, given), **wired(taken[0], given)}
        try:
            return named(taken[0].from_dict(given))
        except (KeyError, ValueError, TypeError) as error:
            raise Untried(f"its body needs more than the object has: {error!r}") from error

    def fits(self, model, annotation, value):
        """Whether a value is one of the choice that a body takes, where it takes one."""
        module = sys.modules[model.__module__]
        kinds = [getattr(module, name, None) or getattr(models, name, None) for name in re.findall(r"\w+", annotation)]
        choices = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, enum.Enum)]
        values = {member.value for choice in choices for member in choice}
        return not values or (value in values if isinstance(value, str) else not isinstance(value, dict))

    def same(self, sent, answered):
        for name, value in sent.items():
            if name in answered and name not in OURS and not isinstance(value, (dict, list, tuple, bytes)):
                kept = answered[name]
                # A choice may be answered with what belongs to it.
                right = value in kept.values() if isinstance(kept, dict) else kept == value
                assert right, f"{name}: {value!r} was sent, {answered[name]!r} was answered"


def wired(model, members):
    """Members as they are called on the wire: a list in a form may be called otherwise."""
    source = inspect.getsource(model.from_dict)
    return {f"{name}[]" if f'"{name}[]"' in source else name: value for name, value in members.items()}


def named(body):
    """A body whose files have names, as uploads have."""
    for name in type(body).__annotations__:
        value = getattr(body, name, None)
        for file in value if isinstance(value, list) else [value]:
            if isinstance(file, File):
                file.file_name, file.mime_type = "prepared.txt", "text/plain"
    return body


def typed(model, value):
    """The JSON types are those that the model is annotated with."""
    plain = {"str": str, "int": int, "float": float, "bool": bool}
    for name, annotation in model.__annotations__.items():
        given = value.get(name.rstrip("_"))
        names = [one for one in alternatives(annotation) if one not in ("None", "Unset")]
        if given is None or not all(one in plain for one in names):
            continue
        right = any(type(given) is plain[one] or (one == "float" and type(given) is int) for one in names)
        assert right, f"{name} is {given!r}, not {names}"


def lasting(model):
    """What of an object stays the same: the address of a file is good for some minutes."""
    return {name: value for name, value in model.to_dict().items() if "signature=" not in str(value)}


def kinds(endpoint, parameter):
    """The classes that a parameter may be of, or have a list of."""
    if isinstance(parameter.annotation, str):
        found = [getattr(endpoint, name, None) for name in re.findall(r"\w+", parameter.annotation)]
    else:
        found, open_ = [], [parameter.annotation]
        while open_:
            one = open_.pop(0)
            open_.extend(typing.get_args(one))
            found.append(one)
    return [one for one in found if isinstance(one, type)]


def singular(name):
    """One of many: `activities`, `processes`, `shifts`."""
    for many, one in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("s", "")):
        if name.endswith(many):
            return name.removesuffix(many) + one
    return name


def alternatives(annotation):
    """The names in a union of types, as the SDK writes it."""
    return [name.strip() for name in str(annotation).split("|")]


def main():
    version = importlib.metadata.version("factorial-api-client")
    suite = Suite()
    suite.run()
    for failure in suite.failed:
        print(f"FAILED  {failure}")
    for untried in suite.untried:
        print(f"untried {untried}")
    for refused in suite.refused:
        print(f"refused {refused}")
    for missing in suite.missing:
        print(f"501     {missing}")
    done = dict(sorted(suite.passed.items()))
    print(
        f"SDK {version}: passed {sum(done.values())} {done}, not there yet {len(suite.missing)}, "
        f"untried {len(suite.untried)}, refused {len(suite.refused)}, failed {len(suite.failed)}"
    )
    with open(sys.argv[1], encoding="utf-8") as file:
        expected = json.load(file)[version]
    fewer = {what: count for what, count in expected.items() if done.get(what, 0) < count}
    if fewer:
        print(f"fewer calls passed than {fewer}")
    sys.exit(1 if suite.failed or fewer else 0)


if __name__ == "__main__":
    main()
