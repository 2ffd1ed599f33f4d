// The data of the page: the only place that makes records of the columns that lean.py writes.
function recordsOf({ length, columns }) {
  const records = Array.from({ length }, (_, id) => ({ id }));
  for (const [name, column] of Object.entries(columns)) {
    if (column.at) column.at.forEach((index, position) => { records[index][name] = column.is[position]; });
    else records.forEach((record, index) => { record[name] = column.of ? (column.head ? column.head + column.of[index] : column.of[index]) : column.all; });
  }
  return records;
}

function readData() {
  const held = JSON.parse(document.getElementById("data").textContent);
  for (const table of ["nodes", "edges", "things", "ties"]) held[table] = recordsOf(held[table]);
  for (const record of [...held.things, ...held.ties]) {
    if (typeof record.name === "string") record.name = [record.name, record.name];
    for (const shared of ["facts", "quotes"]) if (record[shared]) record[shared] = record[shared].map((number) => held[shared][number]);
  }
  for (const tie of held.ties) delete tie.id;
  return held;
}
