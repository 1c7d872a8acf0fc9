"use strict";
// Asks for what is new, and adds it. All of it is text: nothing of a student's becomes markup.
const pause = 400, patience = 2000;
const at = id => document.getElementById(id);
let rows = 0, problems = 0;

function put(parent, tag, text, className) {
  const element = parent.appendChild(document.createElement(tag));
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

// What stands between backticks is code.
function putProse(parent, text) {
  const pieces = text.split(/`([^`\n]+)`/);
  pieces.forEach((piece, index) => put(parent, index % 2 ? "code" : "span", piece));
}

function show(state) {
  for (const row of state.rows) {
    const line = at("rows").insertRow(0);
    put(line, "th", row.student).scope = "row";
    put(line, "td", row.score, "number");
  }
  for (const problem of state.problems) {
    putProse(at("problems").appendChild(document.createElement("li")), `${problem.student}: ${problem.line}`);
  }
  rows += state.rows.length;
  problems += state.problems.length;
  const bar = at("bar");
  if (state.total !== null) {
    bar.max = Math.max(state.total, 1);
    bar.value = state.done;
  }
  const count = state.total === null ? `${state.done} graded` : `${state.done} of ${state.total} graded`;
  const trouble = problems ? `, ${problems} ${problems === 1 ? "problem" : "problems"}` : "";
  const text = `${state.over ? "Done: " : ""}${count}${trouble}`;
  if (at("status").textContent !== text) at("status").textContent = text;
  at("report").hidden = !state.report;
  bar.hidden = state.over;
}

async function follow() {
  try {
    const answer = await fetch(`/state?rows=${rows}&problems=${problems}`);
    if (!answer.ok) throw new Error(answer.statusText);
    const state = await answer.json();
    show(state);
    if (state.over) return;
    setTimeout(follow, pause);
  } catch {
    at("status").textContent = "The grader has ended, or does not answer. The terminal says why.";
    setTimeout(follow, patience);
  }
}

follow();
