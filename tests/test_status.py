"""What stands in a schedule instead of a session, in eight languages; and titles that only hold such a word."""

import pytest

from readingroom.importer.vocabulary import status

KNOWN = {
    "none": [
        "Strike - no meeting", "Ostermontag - kein Treffen", "Rosenmontag", "Urlaub", "Fasching", "grève",
        "추석 연휴", "Kein Lesekreis (Klausuren)", "No reading group this week", "Bank holiday",
        "Holiday (Presidents' Day)", "Thanksgiving", "Good Friday", "Christmas break - back in January",
        "University closed (Easter)", "Pfingstmontag", "Sommerpause", "Semesterferien", "Brückentag",
        "pas de séance", "Vacances de Noël", "jour férié", "Semana Santa", "No hay seminario",
        "vacaciones de verano", "Feriado", "sem reunião", "Férias de verão", "国庆节放假", "春节", "暑假",
        "本周休息", "夏休み", "お盆休み", "설날", "여름 방학", "휴일", "No JC - retreat",
        "We don't meet this week", "University holiday", "Summer break until September", "Sommerpause bis Oktober",
        "Weihnachtsferien 24.12.-6.1.", "kein Termin wegen Feiertag", "Kein Seminar am 1. Mai", "1. Mai (Feiertag)",
        "Feriado nacional", "中秋节放假一天", "本周暂停", "祝日のため休み", "夏季休業", "No meeting: Thanksgiving",
        "Não haverá encontro", "No habrá seminario", "ゼミなし", "セミナーはありません", "停", "SNOW DAY", "Skip",
        "All Saints Day (Allerheiligen)", "Patriots' Day", "King’s Day", "Tag der Arbeit", "Carnival Monday",
        "Día de Todos los Santos", "Dia do Trabalhador", "勤労感謝の日", "Fête du Travail",
        "本周无组会",        "Non ci sarà seminario", "Geen bijeenkomst", "There is no meeting", "세미나 없음",
    ],
    "cancelled": [
        "Ausfall",
        "cancelled", "CANCELED", "Meeting is cancelled", "fällt leider aus", "Termin entfällt", "entfällt heute",
        "séance annulée", "Réunion annulée", "sesión cancelada", "reunião cancelada", "取消", "本周取消", "休講",
        "휴강", "因疫情取消", "会议取消", "추석 연휴로 휴강",
        "Session cancelled this week", "Die Sitzung wurde abgesagt",
    ],
    "postponed": [
        "postponed", "Der Termin wurde verschoben", "reportée", "aplazada", "adiada", "延期", "연기",
    ],
    "open": [
        "This could be you!", "Claim this slot", "Want to present?", "Sign up here",
        "FREE SLOT", "Vaga livre", "Sesión libre", "wird noch gesucht", "noch frei", "freier Termin",
        "créneau libre", "Slot still available", "Volunteers needed", "空き", "募集中", "발표자 모집 중",
    ],
    "tbc": [
        "TBC", "Paper to be chosen", "To be announced soon",
        "Title: TBA", "à venir", "à confirmer", "por confirmar", "a definir", "coming soon", "待定",
        "未定", "미정",
    ],
}  # fmt: skip
CASES = [(text, expected) for expected, texts in KNOWN.items() for text in texts]

TITLES = [
    "Easter 1916", "Break from tradition", "Holidays by the sea", "Strikes in 1968", "No class in Python",
    "Postmortem (holiday snaps)", "A talk (no slides)", "Open slots in the genome - a survey",
    "Opening session", "Open discussion", "Break-even analysis", "The holiday paradox", "Delayed reward",
    "Cancelling noise", "Cancelled flights: a model of delays", "Why my flight was cancelled",
    "The wedding cancelled", "How speech and noise cancelled each other", "Signals with the echo cancelled",
    "Moved by music", "Moved to tears", "Strike and dip", "Pause, reflect", "Break and continue",
    "Carnival and power", "Off-policy learning", "Postponed gratification in children",
    "Rescheduled trains and their passengers", "Le vol annulé", "Abgesagte Revolutionen", "Verschobene Grenzen",
    "All saints and sinners", "The king's day off", "Election day forecasts", "Assumption", "Midsummer night's dream",
    "Holiday effects in time series", "Holidays: a study of sales data",
    "Christmas: an economic analysis of gifts", "Break: when to split a long sentence",
    "Break points in time series", "Easter eggs in software", "Strike prices and options",
    "Streiks in der Weimarer Republik", "Vacances et travail", "Free energy", "Free probability",
    "Open problems", "Open source: how and why", "Available information and choice",
    "Frei schwebende Elektronen", "Libre albedrío", "Livre-arbítrio e determinismo", "No free lunch",
    "No class struggle", "Kein Ort. Nirgends", "Unknown unknowns", "To be or not to be",
    "To be determined by its zeros", "À venir et devenir", "取消噪声", "假期效应", "休暇と生産性",
    "취소 불가능한 계약", "연휴 효과 분석", "Sin límites", "Sem palavras",
]  # fmt: skip

LEFT = {
    "Foo bar cancelled": ("cancelled", "Foo bar", ""),
    "Rings abgesagt": ("cancelled", "Rings", ""),
    "CANCELLED Rings": ("cancelled", "Rings", ""),
    "CANCELLED: Rings": ("cancelled", "Rings", ""),
    "取消：图神经网络": ("cancelled", "图神经网络", ""),
    "Rings (postponed)": ("postponed", "Rings", ""),
    "Rings - cancelled": ("cancelled", "Rings", ""),
    "Cancelled (snow)": ("cancelled", "", "snow"),
    "Cancelled due to snow": ("cancelled", "", "due to snow"),
    "Meeting cancelled due to snow": ("cancelled", "", "due to snow"),
    "entfällt wegen Krankheit": ("cancelled", "", "wegen Krankheit"),
    "verschoben auf 14.2.22": ("postponed", "", "auf 14.2.22"),
    "Rings (postponed to 14.2.22)": ("postponed", "Rings", "to 14.2.22"),
    "Rings verschoben auf nächste Woche": ("postponed", "Rings", "auf nächste Woche"),
    "annulée pour cause de grève": ("cancelled", "", "pour cause de grève"),
    "Séminaire annulé (grève)": ("cancelled", "", "grève"),
    "Cancelled - strike": ("cancelled", "", "strike"),
    "延期（台風）": ("postponed", "", "台風"),
    "moved to 3 May: Rings": ("postponed", "Rings", "to 3 May"),
    "Open slot - volunteer!": ("open", "", "volunteer!"),
    "cancelado por lluvia": ("cancelled", "", "por lluvia"),
}


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_stands_instead_of_a_session_is_known(text: str, expected: str) -> None:
    assert status.split_status(text) == (expected, text if expected == "none" else "")


@pytest.mark.parametrize("text", TITLES)
def test_a_talk_whose_title_holds_such_a_word_stays_a_talk(text: str) -> None:
    assert status.split_status(text) == ("", text)


@pytest.mark.parametrize("text", LEFT)
def test_title_and_reason_beside_a_status_are_distinguished(text: str) -> None:
    assert status.parse_status(text) == LEFT[text]
