"""What JSON Schema cannot say of a request, so that what is made by openapi.json is right."""

import schemathesis


def whole(value):
    """2.0 is an integer to JSON Schema (section 6.1.1 of 2020-12), and none to the house."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    return [whole(inner) for inner in value] if isinstance(value, list) else value


@schemathesis.hook
def map_body(context, body):
    return whole(body)


@schemathesis.hook
def map_query(context, query):
    """A page is asked for by one of the two."""
    if isinstance(query, dict) and "before" in query and "after" in query:
        query = {name: value for name, value in query.items() if name != "before"}
    return query
