#!/usr/bin/env python3
"""Translations are whole: every string of the page is in the template, every language has it, nothing is fuzzy or left in
English (but for po/identical-ok), and the {placeholders} are those of the source."""
import ast
import re

import tree

LITERAL = re.compile(r"""\btn?\(\s*("(?:[^"\\]|\\.)*")(?:,\s*("(?:[^"\\]|\\.)*"))?""")
MARKED = re.compile(r"""\bN_ ?\(("(?:[^"\\]|\\.)*")\)""")
COMMENT = re.compile(r"//.*|/\*[\s\S]*?\*/")
COMPUTED = re.compile(r"""(?<![\w.$])tn?\(\s*(?!["\s)])""")
FIELD = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\n?)+)', re.M)
PLACEHOLDER = re.compile(r"\{\w+\}")


def entries(name):
    """For each entry but the header: flags, sources (singular, plural), translations."""
    for block in tree.read(name).split("\n\n")[1:]:
        fields = {key: "".join(ast.literal_eval(line) for line in value.splitlines()) for key, value in FIELD.findall(block)}
        if "msgid" in fields:
            sources = [fields[key] for key in ("msgid", "msgid_plural") if key in fields]
            yield "#, fuzzy" in block, sources, [value for key, value in fields.items() if key.startswith("msgstr")]


def check_template(names, template):
    used = set()
    for name in names:
        text = tree.read(name)
        if name.endswith(".js") and name != "data/web/core/i18n.js" and COMPUTED.search(COMMENT.sub("", text)):
            yield f"{name}: t() or tn() without a literal string"
        if name.endswith(".c"):
            used.update(ast.literal_eval(literal) for literal in MARKED.findall(text))
            continue
        for singular, plural in LITERAL.findall(re.sub(r"^\s*(//|\*).*$", "", text, flags=re.M)):
            used.update(ast.literal_eval(literal) for literal in (singular, plural) if literal)
    for text in sorted(used - template):
        yield f"po/conclave.pot: lacks “{text}”; run tools/po-update"
    for text in sorted(template - used):
        yield f"po/conclave.pot: nobody uses “{text}”; run tools/po-update"


def check_language(lang, template, identical):
    name, seen = f"po/{lang}.po", set()
    for fuzzy, sources, translations in entries(name):
        seen.update(sources)
        if fuzzy:
            yield f"{name}: fuzzy: “{sources[0]}”"
        if len(translations) != len(sources) or not all(translations):
            yield f"{name}: not translated: “{sources[0]}”"
            continue
        for source, translation in zip(sources, translations):
            if source == translation and f"{lang}: {source}" not in identical:
                yield f"{name}: the same as in English: “{source}”"
            if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(translation)):
                yield f"{name}: other placeholders than “{source}”"
    for text in sorted(template ^ seen):
        yield f"{name}: does not fit the template at “{text}”; run tools/po-update"


scripts = [name for name in tree.find(".js", under="data/web/") if not name.startswith("data/web/vendor/")]
strings = {text for _, sources, _ in entries("po/conclave.pot") for text in sources}
allowed = set(tree.read("po/identical-ok").splitlines())
scripts += [name for name in tree.find(".c", under="src/") if "N_ (" in tree.read(name)]
problems = list(check_template(scripts, strings))
for language in tree.read("po/LINGUAS").split():
    problems += check_language(language, strings, allowed)
tree.report(problems, len(scripts))
