"""Formgrader's real pages in headless Chromium: nothing of a student's runs, moves or loads there, and they still work.

Without our server extension (the policy) the pages hold by themselves; under the policy even a hole is harmless.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import console, headless, requests, webdriver
from courses import COURSE, run_well
from formgraders import formgrader, submission_id
from gradebooks import url_of
from graded_cells import picture
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader.handlers import template_path
from notebooks import code, markdown, read, write
from selenium.webdriver.support.ui import WebDriverWait
from small_courses import RIGHT, chain, hand_in

from grader.nbgrader_hooks.formgrader_policy import HANDLERS

pytestmark = pytest.mark.browser
NAME = "chain"
RAN = "document.title='ran'"
ODD = [
    f"1 onerror={RAN}",
    f"1' onerror={RAN} '",
    f'1" onerror={RAN} "',
    f"1\nonerror={RAN}\n",
    f"><script>{RAN}</script>",
]
FIELDS = ["width", "height", "alt", "unconfined", "needs_background", "isolated", "filenames", "name", "tags"]
SHOWS = f"""
from IPython.display import Image, display
display(Image(data=b"x", format="png", width={ODD[0]!r}))
display(Image(data=__import__("base64").b64decode({picture()!r}), format="png", width=77, height=33))
for odd in [*{ODD!r}, 5, {{"image/png": 5}}, {{"image/png": "/hub/logout"}}, [1], None, True, -1, 10**9]:
    for field in {FIELDS!r}:
        for kind in ("image/png", "image/jpeg", "image/svg+xml", "text/html"):
            data = {{kind: "eA==" if kind.startswith("image") else "<b>x</b>"}}
            display(data, raw=True, metadata={{field: odd}})
            display(data, raw=True, metadata={{kind: {{field: odd}}}})
    if isinstance(odd, str):
        display({{"image/png": odd, "text/plain": odd}}, raw=True)
        display({{"image/svg+xml": odd, "text/latex": odd, "text/markdown": odd}}, raw=True)
"""
MARKDOWN = """
# double

<img src="/hub/logout"> ![l](/hub/logout) <img src="/\\\\elsewhere.test/x"> <img src="//elsewhere.test/x.png">
<img src="https://elsewhere.test/x.png"> <img srcset="/hub/logout 1x"> <video poster="/hub/logout"></video>
<div class="panel modal-backdrop" style="position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:9">over</div>
<svg><image href="/hub/logout"/></svg> <img src="evil.svg">

![kept](attachment:a.png)

The sum $\\sum_{i=1}^{n} x_i^2$ and \\\\(y\\\\), and $$\\frac{a}{\\mathcal{L}(b)} \\tag{7}$$
$\\href{javascript:document.title='ran'}{l} \\style{position:fixed}{x} \\class{modal}{y} \\cssId{double}{z}$
"""
REACHES = """
$\\mmlToken{mglyph}[src="https://elsewhere.test/x.png" alt="x"]{}$
$\\mmlToken{mglyph}[src="<server>formgrader/?path=autograded/evil/chain" alt="x"]{}$
$\\href{<server>formgrader/?path=autograded/evil/chain}{l}$ $x^2$
<img align="right" width="900" height="900" alt="x">

$\\smash{\\rlap{\\raise 60px{\\rule{1000px}{900px}}}}$
"""
HOLE = f"<script>{RAN}</script><img src=x onerror={RAN}><img src='/hub/logout'><a href='javascript:{RAN}'>l</a>"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course under the real settings, with one hostile student and one honest one, graded by nbgrader."""
    path = tmp_path_factory.mktemp("formgrader") / "course"
    chain(path)
    released = path / "release" / NAME / f"{NAME}.ipynb"
    shutil.copy(COURSE / "nbgrader_config.py", path)
    # The second assignment's solution fails its own test: the gate has to refuse it.
    second = json.dumps(read(path / "source" / NAME / f"{NAME}.ipynb")).replace("x + x", "x + 1")
    write(json.loads(second), path / "source" / "second" / "second.ipynb")
    text = {**markdown("text", MARKDOWN), "attachments": {"a.png": {"image/png": picture()}}}
    evil = json.loads(hand_in(released, RIGHT, [text, code("shows", SHOWS)]))
    evil["metadata"] |= {"title": HOLE, "widgets": {"application/vnd.jupyter.widget-state+json": HOLE}}
    for cell in evil["cells"]:
        cell["metadata"] |= {"alt": ODD[0], "tags": ODD, "raw_mimetype": "text/html", "name": HOLE}
    write(evil, path / "submitted" / "evil" / NAME / f"{NAME}.ipynb")
    beside = path / "submitted" / "evil" / NAME
    (beside / "page.html").write_text(f"<script>{RAN}</script>here")
    os.mkfifo(beside / "timestamp.txt")
    (beside / "nbgrader_config.py").write_text(f"open({str(path / 'ran')!r}, 'w')")
    write(json.loads(hand_in(released, RIGHT)), path / "submitted" / "honest" / NAME / f"{NAME}.ipynb")
    run_well(path, "nbgrader", "generate_assignment", NAME, "--force")
    run_well(path, "nbgrader", "autograde", NAME)
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with headless(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module", params=[True, False], ids=["policy", "no policy"])
def server(request: pytest.FixtureRequest, course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with formgrader(course, tmp_path_factory.mktemp("server"), request.param) as address:
        yield address


@pytest.fixture(scope="module")
def protected(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with formgrader(course, tmp_path_factory.mktemp("protected"), base_url="/user/ada/") as address:
        yield address


@pytest.fixture(scope="module")
def without_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser that finds no machine but this one."""
    only_here = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with headless(tmp_path_factory.mktemp("offline"), "1100,900", only_here) as browser:
        yield browser


def opened(browser: webdriver.Chrome, address: str) -> list[str]:
    """Open the page; return what the browser asked for."""
    requests(browser), console(browser)
    browser.get(address)
    return requests(browser)


def test_nothing_of_a_students_runs_or_loads(browser: webdriver.Chrome, server: str, course: Path) -> None:
    """With odd values in every field of metadata and data, does the page open, and nothing run, load or lie over it?"""
    asked = opened(browser, f"{server}/submissions/{submission_id(course, NAME, 'evil')}/")
    assert browser.title == NAME
    own = [url for url in asked if "elsewhere.test" in url or "logout" in url]
    assert own == []
    notebook = browser.find_element("id", "notebook-container")
    for image in notebook.find_elements("css selector", "img"):
        names = set(browser.execute_script("return arguments[0].getAttributeNames()", image))
        assert names <= {"src", "alt", "width", "height"}, names
    sized = notebook.find_element("css selector", "img[width='77'][height='33']")
    assert sized.size == {"width": 77, "height": 33}
    assert notebook.find_elements("css selector", "script:not([type^=math]), iframe, video, form, svg") == []
    over = notebook.find_element("xpath", "//div[text()='over']")
    assert over.value_of_css_property("position") == "static"
    assert not over.get_attribute("class")
    assert notebook.find_element("css selector", "img[alt=kept]").get_attribute("src").startswith("data:image/png")


def test_scores_can_be_given(browser: webdriver.Chrome, server: str, course: Path) -> None:
    """Does Formgrader load a score, and save another, also where a heading has the exercise's name?"""
    opened(browser, f"{server}/submissions/{submission_id(course, NAME, 'evil')}/")
    wait(browser, "return !!document.querySelector('input#double')?.placeholder")
    field = browser.find_element("css selector", "input#double_extra_credit")
    field.clear()
    field.send_keys("0.5\ue004")
    wait(browser, "return document.querySelectorAll('.score-saved').length > 0")
    for _ in range(50):
        with Gradebook(url_of(course)) as gradebook:
            if gradebook.find_grade("double", NAME, NAME, "evil").extra_credit == 0.5:
                return
        browser.execute_async_script("setTimeout(arguments[0], 100)")
    pytest.fail("the score was not saved")


def test_formulas_are_typeset_without_a_network(
    without_network: webdriver.Chrome, protected: str, course: Path
) -> None:
    """Does MathJax come from the server itself, with its fonts, and do formulas neither act nor leave their place?"""
    browser, server = without_network, protected.removesuffix("formgrader")
    requests(browser), console(browser)
    browser.get(f"{protected}/submissions/{submission_id(course, NAME, 'evil')}/")
    wait(browser, "return document.querySelectorAll('.text_cell_render .MathJax').length === 4", 30)
    wait(browser, "return document.getElementById('MathJax_Message')?.style.display !== 'block'")
    wide = "[...document.querySelectorAll('.text_cell_render .MathJax')].every(e => e.offsetWidth > 5)"
    wait(browser, f"return {wide}")
    assert "\\frac" not in browser.find_element("id", "notebook-container").text
    wait(browser, "return [...document.fonts].some(f => f.family.includes('STIXMathJax') && f.status === 'loaded')")
    asked = requests(browser)
    assert [url for url in asked if not url.startswith((server, "about:"))] == []
    assert any(url.endswith(".woff") or ".woff?" in url for url in asked)
    assert [line for line in console(browser) if "Refused to" in line] == []
    assert browser.find_elements("css selector", "a[href^=javascript], .MathJax .modal, .MathJax #double") == []
    assert browser.title == NAME


def test_formulas_reach_no_page_of_the_server(without_network: webdriver.Chrome, protected: str, course: Path) -> None:
    """Does a formula load no picture, from elsewhere or from the server itself?"""
    browser, graded = without_network, course / "autograded" / "honest" / NAME / f"{NAME}.ipynb"
    notebook = read(graded)
    notebook["cells"].append(markdown("reaches", REACHES.replace("<server>", protected.removesuffix("formgrader"))))
    graded.unlink()  # it is read-only
    write(notebook, graded)
    asked = opened(browser, f"{protected}/submissions/{submission_id(course, NAME, 'honest')}/")
    wait(browser, "return document.querySelectorAll('.text_cell_render .MathJax').length > 0", 30)
    wait(browser, "return document.getElementById('MathJax_Message')?.style.display !== 'block'")
    asked += requests(browser)
    assert [url for url in asked if "elsewhere.test" in url or "path=" in url] == []
    assert browser.find_elements("css selector", ".MathJax img, .MathJax a, a[href*='path=']") == []
    field = browser.find_element("css selector", "input#octuple")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)
    box = "arguments[0].getBoundingClientRect()"
    middle = f"const box = {box}; return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).id"
    assert browser.execute_script(middle, field) == "octuple"
    assert not (course / "ran").exists()


@pytest.mark.parametrize("folder", ["autograded/evil/chain", "submitted/evil/chain", "release/../submitted/evil/chain"])
def test_no_folder_of_a_students_opens_as_a_course(protected: str, course: Path, folder: str) -> None:
    """Does Formgrader, which runs the configuration of a course that it opens, refuse one beside a notebook?"""
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{protected}/?path={folder}")
    assert not (course / "ran").exists()


def test_no_other_sites_link_opens_a_course(protected: str, course: Path) -> None:
    """Is a link in a mail or on another page refused, whatever folder it names?"""
    request = urllib.request.Request(f"{protected}/?path={course}", headers={"Sec-Fetch-Site": "cross-site"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)


PAGES = {
    "manage_assignments": "chain",
    "gradebook": "chain",
    "gradebook/chain/chain": "Submission #1",
    "manage_students": "honest",
    "manage_submissions/chain": "honest",
    "manage_students/honest": "chain",
}
"""page -> a word of its table"""


@pytest.mark.parametrize("path", PAGES)
def test_tables_are_filled_under_the_policy(browser: webdriver.Chrome, protected: str, path: str) -> None:
    """Do the scripts of Formgrader's other pages run under the policy, without a complaint in the console?"""
    opened(browser, f"{protected}/{path}")
    wait(browser, f"return document.querySelector('table').innerText.includes({PAGES[path]!r})")
    assert [line for line in console(browser) if "Content Security Policy" in line] == []


@pytest.mark.parametrize("path", ["manage_assignments", "manage_students"])
def test_dialogs_open_under_the_policy(browser: webdriver.Chrome, protected: str, path: str) -> None:
    """Does a click on a link whose script stands in an attribute open its dialog?"""
    opened(browser, f"{protected}/{path}")
    browser.find_element("partial link text", "Add new").click()
    wait(browser, "return document.querySelector('.modal.in') !== null")


def test_policy_knows_all_of_nbgraders_handlers() -> None:
    """Is every attribute with script in nbgrader's templates among those that run?"""
    texts = [path.read_text() for path in Path(template_path).rglob("*") if path.suffix in (".tpl", ".j2")]
    found = {script for text in texts for script in re.findall(r'\son[a-z]+="([^"]*)"', text, re.I)}
    assert found == set(HANDLERS)


def test_names_can_be_shown_under_the_policy(browser: webdriver.Chrome, protected: str, course: Path) -> None:
    """Do the attributes of nbgrader's own that hold script still run?"""
    opened(browser, f"{protected}/submissions/{submission_id(course, NAME, 'honest')}/")
    shown = browser.find_element("css selector", "span.glyphicon.name-hidden")
    shown.click()
    assert not shown.is_displayed()
    assert browser.find_element("css selector", "span.glyphicon.name-shown").is_displayed()


def test_hole_is_harmless_under_the_policy(browser: webdriver.Chrome, course: Path, tmp_path: Path) -> None:
    """Does a script that got into a page, through a student's name, say, not run?"""
    with Gradebook(url_of(course)) as gradebook:
        gradebook.update_or_create_student("honest", first_name="Ada", last_name=HOLE)
    with formgrader(course, tmp_path) as address:
        opened(browser, f"{address}/submissions/{submission_id(course, NAME, 'honest')}/")
        assert RAN in browser.page_source
        assert browser.title == NAME
        assert any("Content Security Policy" in line for line in console(browser))


def test_students_page_has_no_rights(browser: webdriver.Chrome, protected: str, course: Path) -> None:
    """Is a page that a student put beside the notebook shown without its script?"""
    opened(browser, f"{protected}/submissions/{submission_id(course, NAME, 'evil')}/page.html")
    assert "here" in browser.page_source
    assert browser.title != "ran"


def test_each_response_has_its_own_number(protected: str) -> None:
    """Are the numbers of scripts drawn anew, and is the header's the page's?"""
    found = set()
    for _ in range(2):
        with urllib.request.urlopen(f"{protected}/gradebook") as answer:
            policy, text = answer.headers["Content-Security-Policy"], answer.read().decode()
        number = policy.partition("'nonce-")[2].partition("'")[0]
        assert text.count(f'nonce="{number}"') == text.count("<script") > 3
        found.add(number)
    assert len(found) == 2


def clicked(browser: webdriver.Chrome, address: str, row: str, sign: str, end: str = "success") -> None:
    """Open the page, click the sign in the row, and wait for the dialog that says how it went."""
    opened(browser, address)
    place = f"//tr[.//*[normalize-space()='{row}'] or td[contains(., '{row}')]]//span[contains(@class, '{sign}')]"
    wait(browser, f"return document.evaluate({json.dumps(place)}, document, null, 9, null).singleNodeValue !== null")
    browser.find_element("xpath", place).click()
    wait(browser, "return document.querySelector('.modal.in') !== null", 120)
    said = browser.find_element("css selector", ".modal.in").text
    assert browser.find_elements("id", f"{end}-modal"), said


def test_instructors_journey(browser: webdriver.Chrome, protected: str, course: Path) -> None:
    """Does Formgrader list both assignments, generate through the gate, keep a manual grade through a regrade, and
    make our feedback page with it?"""
    opened(browser, f"{protected}/manage_assignments")
    wait(browser, "return ['chain', 'second'].every(n => document.querySelector('table').innerText.includes(n))")
    clicked(browser, f"{protected}/manage_assignments", NAME, "glyphicon-education")
    clicked(browser, f"{protected}/manage_assignments", "second", "glyphicon-education", "error")
    assert not (course / "release" / "second").exists()

    page = f"{protected}/submissions/{submission_id(course, NAME, 'honest')}/"
    opened(browser, page)
    wait(browser, "return document.querySelector('input#double')?.placeholder === '2'")  # points of the judge
    browser.find_element("css selector", "input#double").send_keys("1.5\ue004")
    wait(browser, "return document.querySelectorAll('.score-saved').length > 0")
    clicked(browser, f"{protected}/manage_submissions/{NAME}", "honest", "glyphicon-flash")
    assert (course / ".grader" / NAME / "honest.json").exists()
    opened(browser, page)
    wait(browser, "return document.querySelector('input#double')?.value === '1.5'")

    clicked(browser, f"{protected}/manage_submissions/{NAME}", "honest", "glyphicon-comment")
    text = (course / "feedback" / "honest" / NAME / f"{NAME}.html").read_text()
    assert "<b>10.5</b> of 11" in text and "A comment" not in text


def wait(browser: webdriver.Chrome, script: str, seconds: int = 15) -> None:
    WebDriverWait(browser, seconds).until(lambda driver: driver.execute_script(script))
