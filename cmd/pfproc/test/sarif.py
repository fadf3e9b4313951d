"""Checks a SARIF 2.1.0 log, and shows it as lines.

    sarif.py LOG [ROOT]

Standard output gets a line for each result:

    PATH:LINE:COL-ENDLINE:ENDCOL@OFFSET+LENGTH RULE: MESSAGE

and one for each notification and the invocation. With ROOT, the folder that
paths are relative to, each region is looked up in its file, in two ways, by
lines and UTF-16 units, and by bytes; both must give the same text.

Properties that the standard does not know, of wrong types, or missing where
they are required, are an error. Where PF_SARIF_SCHEMA names the JSON schema of
the standard, the log must be valid by that, too (python3-jsonschema).
"""

import functools
import json
import os
import sys
import urllib.parse

STRING, NUMBER, TRUTH = "string", "number", "truth"


def message():
    return {"text!": STRING}


def artifact():
    return {"uri!": STRING}


# Each object by its properties; "!" marks those that must be there. The
# standard knows more; what stands here is what pfproc may write.
LOG = {
    "$schema": STRING,
    "version!": STRING,
    "runs!": [
        {
            "tool!": {
                "driver!": {
                    "name!": STRING,
                    "version": STRING,
                    "rules": [
                        {
                            "id!": STRING,
                            "shortDescription": message(),
                            "defaultConfiguration": {"level": STRING},
                        }
                    ],
                }
            },
            "columnKind": STRING,
            "results": [
                {
                    "ruleId": STRING,
                    "level": STRING,
                    "message!": message(),
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": artifact(),
                                "region": {
                                    "startLine": NUMBER,
                                    "startColumn": NUMBER,
                                    "endLine": NUMBER,
                                    "endColumn": NUMBER,
                                    "byteOffset": NUMBER,
                                    "byteLength": NUMBER,
                                },
                            }
                        }
                    ],
                }
            ],
            "invocations": [
                {
                    "executionSuccessful!": TRUTH,
                    "exitCode": NUMBER,
                    "toolExecutionNotifications": [
                        {
                            "level": STRING,
                            "message!": message(),
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": artifact()
                                    }
                                }
                            ],
                        }
                    ],
                }
            ],
        }
    ],
}


def unique(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"named twice: {names}"
    return dict(pairs)


def check_object(value, shape, where):
    assert isinstance(value, dict), f"{where}: no object"
    known = {name.rstrip("!"): sub for name, sub in shape.items()}
    for name in shape:
        if name.endswith("!"):
            assert name[:-1] in value, f"{where}: {name[:-1]} is missing"
    for name, sub in value.items():
        assert name in known, f"{where}: {name} is not known"
        check(sub, known[name], f"{where}.{name}")


def check(value, shape, where):
    if isinstance(shape, dict):
        check_object(value, shape, where)
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{where}: no array"
        for i, item in enumerate(value):
            check(item, shape[0], f"{where}[{i}]")
    elif shape == TRUTH:
        assert isinstance(value, bool), f"{where}: not true or false"
    elif shape == NUMBER:
        assert type(value) is int and value >= 0, f"{where}: no number"
    else:
        assert isinstance(value, str), f"{where}: no string"


def check_uri(uri):
    allowed = "-._~/:%"
    assert all(c.isascii() and (c.isalnum() or c in allowed) for c in uri), uri
    assert ":" not in uri or uri.startswith("file:///"), uri


def check_values(log, run):
    assert log["version"] == "2.1.0"
    assert len(log["runs"]) == 1
    assert run["columnKind"] == "utf16CodeUnits"
    assert len(run["invocations"]) == 1
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules)), rules
    for result in run["results"]:
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["ruleId"] in rules, result["ruleId"]
        assert len(result["locations"]) == 1
        place = result["locations"][0]["physicalLocation"]
        check_uri(place["artifactLocation"]["uri"])
        region = place["region"]
        for name in ("startLine", "startColumn", "endLine", "endColumn"):
            assert region[name] >= 1, region


def check_schema(log):
    path = os.environ.get("PF_SARIF_SCHEMA")
    if path:
        import jsonschema

        with open(path, encoding="utf-8") as file:
            jsonschema.validate(log, json.load(file))


def path_of(uri):
    if uri.startswith("file://"):
        uri = uri[len("file://") :]
    return urllib.parse.unquote_to_bytes(uri)


def units(text):
    """The UTF-16 units of BYTES, of which one that is not UTF-8 is one."""
    loose = text.decode("utf-8", errors="surrogateescape")
    return loose.encode("utf-16-le", errors="surrogatepass")


def by_lines(lines, region):
    wide = [units(x) for x in lines[region["startLine"] - 1 : region["endLine"]]]
    wide[-1] = wide[-1][: 2 * (region["endColumn"] - 1)]
    wide[0] = wide[0][2 * (region["startColumn"] - 1) :]
    return units(b"\n").join(wide)


@functools.lru_cache(maxsize=1)
def text_of(path):
    """The bytes of a file, and its lines without a byte order mark."""
    with open(path, "rb") as file:
        text = file.read()
    return text, text.removeprefix(b"\xef\xbb\xbf").split(b"\n")


def check_region(root, place):
    path = os.path.join(os.fsencode(root), path_of(place["artifactLocation"]["uri"]))
    text, lines = text_of(path)
    region = place["region"]
    begin = region["byteOffset"]
    found = text[begin : begin + region["byteLength"]]
    assert found and units(found) == by_lines(lines, region), (path, region)


def show(line):
    sys.stdout.buffer.write(line + b"\n")


def show_result(result, root):
    place = result["locations"][0]["physicalLocation"]
    region = place["region"]
    if root:
        check_region(root, place)
    where = (
        "{startLine}:{startColumn}-{endLine}:{endColumn}"
        "@{byteOffset}+{byteLength}".format(**region)
    )
    text = f"{where} {result['ruleId']}: {result['message']['text']}"
    show(path_of(place["artifactLocation"]["uri"]) + b":" + text.encode())


def show_invocation(invocation):
    for note in invocation["toolExecutionNotifications"]:
        line = f"{note['level']}: {note['message']['text']}".encode()
        for location in note.get("locations", []):
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            check_uri(uri)
            line = path_of(uri) + b": " + line
        show(line)
    done = "successful" if invocation["executionSuccessful"] else "not successful"
    show(f"{done}, exit code {invocation.get('exitCode')}".encode())


def main():
    root = sys.argv[2] if len(sys.argv) > 2 else None
    with open(sys.argv[1], encoding="utf-8") as file:
        log = json.load(file, object_pairs_hook=unique)
    check_object(log, LOG, "log")
    run = log["runs"][0]
    check_values(log, run)
    check_schema(log)
    for result in run["results"]:
        show_result(result, root)
    show_invocation(run["invocations"][0])


main()
