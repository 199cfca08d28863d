#!/usr/bin/env python3
"""docs/compatibility.md, made of what the tests have shown: compatibility.py write|check BUILD

Each test that passes leaves its rows in BUILD/compatibility (tests/support/compat.hpp).
write: makes the page of all that is there. check: fails where the page and what ran do not agree.
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "compatibility.md"
ORDER = ["HTTP cache", "HAProxy", "Redis", "PostgreSQL", "AMQP 0-9-1", "RabbitMQ management", "S3", "Clients"]
HEAD = """# Compatibility

What the nodes answer to the tools of their trade. Made of the tests that ran (`make compatibility`); each row names the test
that shows it, and `make test` fails when a row and its test no longer agree.

**works**: as in the real product. **differs**: answered, but not quite so; the note says how. **refused**: a clear error.
"""


def recorded(build):
    """{test: [row]} of the tests that have passed."""
    found = {}
    for file in sorted((build / "compatibility").glob("*.json")):
        found[file.stem] = json.loads(file.read_text())
    return found


def programs(build):
    """Names of all tests of the programs that record rows."""
    names = set()
    for program in ("protocol", "clients", "chaos", "e2e"):
        path = build / "tests" / program
        if not path.exists():
            continue
        suite = ""
        for line in subprocess.run([path, "--gtest_list_tests"], capture_output=True, text=True, check=True).stdout.splitlines():
            if line.startswith("  "):
                names.add(suite + line.split("#")[0].strip())
            elif line.strip().endswith("."):
                suite = line.strip()
    return names


def cell(text):
    return " ".join(text.replace("|", "\\|").split())


def row_line(row, test):
    return f"| {cell(row['feature'])} | {row['verdict']} | {cell(row['note'])} | {test} |"


def tables(rows_of):
    """{protocol: {section: [line]}}"""
    found = {}
    for test, rows in rows_of.items():
        for row in rows:
            section = found.setdefault(row["protocol"], {}).setdefault(row["section"], [])
            section.append(row_line(row, test))
    return found


def page(rows_of):
    out = [HEAD]
    all_tables = tables(rows_of)
    unknown = sorted(set(all_tables) - set(ORDER))
    if unknown:
        sys.exit(f"compatibility.py: no such protocol: {', '.join(unknown)}")
    for protocol in ORDER:
        if protocol not in all_tables:
            continue
        out.append(f"\n## {protocol}\n")
        for section in sorted(all_tables[protocol]):
            out.append(f"\n### {section}\n\n| what | verdict | note | shown by |\n|---|---|---|---|\n")
            out.append("\n".join(sorted(set(all_tables[protocol][section]), key=str.lower)) + "\n")
    return "".join(out)


def check(build):
    """Lines of the page that no test stands behind, and rows of tests that are not on the page."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and not line.startswith("| what")]
    rows_of = recorded(build)
    existing = programs(build)
    shown = {test: {row_line(row, test) for row in rows} for test, rows in rows_of.items() if test in existing}
    on_page = set(lines)
    faults = [f"not on the page: {line}" for rows in shown.values() for line in sorted(rows - on_page)]
    for line in lines:
        test = line.rstrip("| ").rsplit("| ", 1)[1].strip()
        if test not in existing:
            faults.append(f"no such test: {line}")
        elif test in shown and line not in shown[test]:
            faults.append(f"its test says otherwise: {line}")
    return faults


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "check"):
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "write":
        existing = programs(build)
        PAGE.write_text(page({test: rows for test, rows in recorded(build).items() if test in existing}))
        return
    faults = check(build)
    if faults:
        print("docs/compatibility.md does not say what ran (make compatibility):", *faults, sep="\n  ")
        sys.exit(1)


if __name__ == "__main__":
    main()
