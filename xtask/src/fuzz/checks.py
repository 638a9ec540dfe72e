"""What no answer may be, beyond what the document says of it."""

import schemathesis


@schemathesis.check
def nothing_fails(ctx, response, case):
    """Nothing goes wrong in the server. What it does not do yet it may say, where the document says so too."""
    if response.status_code < 500:
        return
    if response.status_code == 501 and "501" in case.operation.definition.raw["responses"]:
        return
    raise AssertionError(f"it answered {response.status_code}")
