"""Papers as Word files and as a sheet on a page."""

import re
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from flask import render_template_string

from enrollment.rules.drafting import compose
from enrollment.rules.papers import Paper, PaperKind, with_words, words_of
from enrollment.web.paper_files import docx_answer, docx_of, file_name_of
from tests.paper_facts import EVERYBODY, bare, joint

K = PaperKind
FACTS = joint()


def opened(kind, facts=FACTS):
    return Document(BytesIO(docx_of(compose(kind, facts))))


def texts(document):
    return [paragraph.text for paragraph in document.paragraphs]


def found(document, text):
    return next(paragraph for paragraph in document.paragraphs if paragraph.text == text)


def font_of(paragraph):
    run = paragraph.runs[0]
    return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt, bool(run.font.bold)


# --- the file ------------------------------------------------------------------------------------------------------


def test_a_reply_is_written_from_the_title_to_the_date():
    assert texts(opened(K.ESTABLISHMENT_REPLY)) == [
        "关于同意成立昌吉市快递行业\n联合工会委员会的批复",
        "昌市工复〔2021〕3号",
        *words_of(compose(K.ESTABLISHMENT_REPLY, FACTS)).splitlines()[1:],
        "昌吉市总工会",
        "2021年12月12日",
    ]


def test_a_request_names_its_attachments_and_brings_them_on_pages_of_their_own():
    document = opened(K.GROUP_REQUEST)

    assert texts(document)[-9:] == [
        "附件：1. 参加联合建会单位情况表",
        "2. 筹备组成员名单",
        "3. 营业执照或者备案文件复印件",
        "昌吉市快递行业联合工会筹备组",
        "2021年12月12日",
        "附件1",
        "参加联合建会单位情况表",
        "附件2",
        "筹备组成员名单",
    ]
    attached = [found(document, label).paragraph_format for label in ("附件1", "附件2")]
    assert [form.page_break_before for form in attached] == [True, True]
    units, group = document.tables
    assert [[cell.text for cell in row.cells] for row in units.rows] == [
        ["序号", "单位名称", "统一社会信用代码（备案号）", "从业人员数", "会员数", "联系人"],
        ["1", "快马网点", "KD65230100001", "9", "9", "马晓"],
        ["2", "飞驰网点", "91652301MC0000004T", "7", "6", "李强"],
    ]
    assert len(group.rows) == 3


def test_the_sheet_is_a4_with_the_margins_of_gb_9704():
    [section] = opened(K.GROUP_REPLY).sections
    measures = ("page_width", "page_height", "top_margin", "bottom_margin", "left_margin", "right_margin")

    assert [round(getattr(section, name).mm) for name in measures] == [210, 297, 37, 35, 28, 26]
    assert [paragraph.text for paragraph in section.footer.paragraphs] == ["—  —"]
    assert 'w:instr="PAGE"' in section.footer._element.xml


def test_title_number_body_and_end_have_their_fonts_and_places():
    document = opened(K.GROUP_REPLY)
    title, number, addressee, first = document.paragraphs[:4]
    signatory, day = document.paragraphs[-2:]

    assert [font_of(line) for line in (title, number, first)] == [
        ("宋体", 22.0, True),
        ("仿宋", 16.0, False),
        ("仿宋", 16.0, False),
    ]
    assert {title.alignment, number.alignment} == {WD_ALIGN_PARAGRAPH.CENTER}
    assert addressee.paragraph_format.first_line_indent is None
    assert first.paragraph_format.first_line_indent == Pt(32)
    assert first._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert first.paragraph_format.line_spacing == Pt(28)
    assert {signatory.alignment, day.alignment} == {WD_ALIGN_PARAGRAPH.RIGHT}
    assert day.paragraph_format.right_indent == Pt(32)
    normal = document.styles["Normal"]
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert normal.element.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"


def test_a_table_has_borders_a_header_on_each_page_and_the_width_of_the_text():
    [table] = opened(K.ROSTER).tables

    assert table.style.name == "Table Grid"
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert {round(row.height.mm) for row in table.rows} == {9}
    widths = [column.width for column in table.columns]
    assert Mm(155) < sum(widths) <= Mm(156)
    assert [cell.width for cell in table.rows[1].cells] == widths
    header = table.rows[0].cells[1].paragraphs[0]
    assert font_of(header) == ("宋体", 12.0, True)


def test_a_wide_table_takes_from_its_widest_column():
    candidates = joint(contests=(FACTS.contests[0],))
    [table] = opened(K.MEETING_REQUEST, candidates).tables
    wide = joint(group=tuple(member_with("简历" * 40) for _n in range(2)))
    group = opened(K.GROUP_REQUEST, wide).tables[1]

    assert Mm(155) < sum(column.width for column in table.columns) <= Mm(156)
    assert Mm(155) < sum(column.width for column in group.columns) <= Mm(156)
    assert group.columns[0].width > Mm(8)
    assert group.rows[1].cells[5].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.LEFT
    assert group.rows[1].cells[0].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER


def member_with(career):
    return type(FACTS.group[0])(name="艾麦尔·图尔荪", unit="飞驰网点", post="站点组长", career=career)


def test_each_ballot_is_a_page_of_its_own_under_the_title_and_without_page_numbers():
    document = opened(K.BALLOT)
    title = "昌吉市快递行业联合工会第一次会员大会选票"

    assert [text for text in texts(document) if not re.match(r"\d\.|填写", text)] == [
        title,
        "第一届委员会委员选票",
        title,
        "第一届经费审查委员会委员选票",
    ]
    breaks = [line.paragraph_format.page_break_before for line in document.paragraphs if line.text == title]
    assert breaks == [None, True]
    assert [round(row.height.mm) for row in document.tables[0].rows] == [14] * 5
    assert [paragraph.text for paragraph in document.sections[0].footer.paragraphs] == [""]


@pytest.mark.parametrize("kind", PaperKind)
def test_the_same_paper_gives_the_same_bytes(kind):
    paper = compose(kind, FACTS)

    assert docx_of(paper) == docx_of(paper)


def test_nothing_in_the_file_is_taken_from_the_clock_or_the_library():
    dated, undated = opened(K.GROUP_REPLY).core_properties, opened(K.BALLOT).core_properties

    assert (dated.created, dated.modified) == (datetime.fromisoformat("2021-12-12T00:00:00Z"),) * 2
    assert undated.created == datetime.fromisoformat("1980-01-01T00:00:00Z")
    assert (dated.title, dated.author, dated.last_modified_by) == (
        "关于同意成立昌吉市快递行业联合工会筹备组的批复",
        "昌吉市总工会",
        "昌吉市总工会",
    )
    assert (dated.comments, undated.author) == ("", "")
    with ZipFile(BytesIO(docx_of(compose(K.GROUP_REPLY, FACTS)))) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert [name for name in file.namelist() if "thumbnail" in name] == []


@pytest.mark.parametrize("facts", EVERYBODY, ids=lambda facts: f"{facts.way}-{facts.members}")
@pytest.mark.parametrize("kind", PaperKind)
def test_every_paper_can_be_opened(kind, facts):
    paper = compose(kind, facts)
    document = opened(kind, facts)

    assert document.paragraphs[0].text.replace("\n", "") == paper.title
    assert len(document.tables) == len(paper.tables)


def test_whatever_somebody_typed_fits_into_the_file():
    paper = with_words(compose(K.GROUP_REPLY, FACTS), "标题\x00\n收件：\n<w:p>&\ud800\uffff\x0b𠮷\n完")
    document = Document(BytesIO(docx_of(paper)))

    assert [text for text in texts(document) if text][:5] == ["标题", "昌市工复〔2021〕3号", "收件：", "<w:p>&", "𠮷"]


@pytest.mark.parametrize(
    ("kind", "union", "name"),
    [
        (K.ESTABLISHMENT_REPLY, "快马工会委员会", "快马工会委员会_成立批复_2021-12-12.docx"),
        (K.BALLOT, '快/马:"工会"\n*', "快马工会_选票.docx"),
        (K.ROSTER, "长" * 90, "长" * 60 + "_会员名册_2021-12-12.docx"),
        (K.ROSTER, "", "会员名册_2021-12-12.docx"),
    ],
)
def test_the_file_is_named_after_union_paper_and_date(kind, union, name):
    assert file_name_of(compose(kind, FACTS), union) == name


def test_the_file_is_answered_to_be_saved(app):
    with app.test_request_context("/"):
        answer = docx_answer(compose(K.BALLOT, FACTS), "快马工会")

    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="ballot.docx"; '
        "filename*=UTF-8''%E5%BF%AB%E9%A9%AC%E5%B7%A5%E4%BC%9A_%E9%80%89%E7%A5%A8.docx"
    )
    assert answer.get_data() == docx_of(compose(K.BALLOT, FACTS))


# --- the page ------------------------------------------------------------------------------------------------------


def drawn(app, paper):
    with app.test_request_context("/"):
        return render_template_string("{{ ui.paper(paper) }}", paper=paper)


def lines_of(html):
    return [line for line in re.sub(r"<[^>]+>", "\n", html).split("\n") if line.strip()]


def test_a_paper_is_drawn_as_a_sheet_with_all_its_words(app):
    paper = compose(K.ESTABLISHMENT_REPLY, FACTS)

    assert lines_of(drawn(app, paper)) == [
        *paper.title_lines,
        "昌市工复〔2021〕3号",
        "昌吉市快递行业联合工会筹备组：",
        *paper.body,
        "此复。",
        "昌吉市总工会",
        "2021年12月12日",
    ]


def test_attachments_follow_the_date(app):
    html = drawn(app, compose(K.RESULT_REPORT, FACTS))

    places = [html.index(text) for text in ("1. 选举结果统计表", "3. 会议记录", ">2021年12月12日", ">附件1")]
    assert places == sorted(places)
    assert html.count("<table") == html.count('tabindex="0"') == 1
    assert '<time datetime="2021-12-12">' in html


def test_each_ballot_is_drawn_under_the_title(app):
    html = drawn(app, compose(K.BALLOT, FACTS))

    assert html.count('class="paper__title"') == html.count('class="paper__apart"') == 2
    assert html.count("画“○”") == 2
    assert "paper__signed" not in html


def test_the_lines_of_a_sheet_are_not_indented_and_its_table_is_in_it(app):
    html = drawn(app, compose(K.ATTENDANCE_SHEET, FACTS))

    assert html.count("paper__text_flush") == 3
    assert html.count("<td>") == 10
    assert "paper__attached" not in html


def test_what_somebody_typed_is_no_markup(app):
    html = drawn(app, Paper(kind=K.GROUP_REPLY, title="<b>甲</b>", dated_on=date(2021, 12, 12)))

    assert "&lt;b&gt;甲&lt;/b&gt;" in html
    assert "<b>" not in html


def test_a_paper_without_facts_is_drawn(app):
    for kind in PaperKind:
        assert drawn(app, compose(kind, bare("new_joint"))).count("<article") == 1
