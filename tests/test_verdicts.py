"""One verdict: readingroom, check-jsonschema and ajv say the same of each file, but for differences that have names."""

from __future__ import annotations

from collections import Counter

import verdicts

# What other programs accept: what readingroom refuses so that a file means the same to everyone, and names that only a
# library knows.
ACCEPTED_BY_OTHERS = {"anchor or tag", "unknown name"}
# What YAML 1.1 and 1.2, or two parsers of one of them, read differently; ours keeps it as it was typed.
READ_OTHERWISE = {"other spelling"}
NAMED = ACCEPTED_BY_OTHERS | READ_OTHERWISE


def test_the_corpus_has_many_files_of_each_class() -> None:
    files = {*verdicts.write_corpus()}
    assert len(files) >= 5_000
    assert min(Counter(file.kind for file in files).values()) >= 200


def test_three_programs_agree_on_every_file_but_for_named_differences() -> None:
    corpus = verdicts.write_corpus()
    wait_for_ajv = verdicts.start_ajv(corpus)
    ours, others = verdicts.judge_with_readingroom(corpus), verdicts.judge_with_check_jsonschema(corpus)
    judged = [*zip(corpus, zip(ours, others, wait_for_ajv(), strict=True), strict=True)]

    assert [each for each in judged if each[0].kind not in NAMED and len({*each[1]}) > 1][:10] == []
    assert [each for each in judged if each[0].kind in READ_OTHERWISE and len({*each[1]}) == 1][:10] == []
    accepted = [each for each in judged if each[0].kind in ACCEPTED_BY_OTHERS]
    assert [each for each in accepted if each[1] != (False, True, True)][:10] == []
    # Each of the other classes has valid files and files with errors.
    assert {(file.kind, said[0]) for file, said in judged if file.kind not in NAMED} == {
        (kind, is_valid) for kind in verdicts.WRITERS if kind not in NAMED for is_valid in (True, False)
    }
