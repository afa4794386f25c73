// SPDX-License-Identifier: MIT
// What lists, index queries and filters mean, written down a second time over plain records: slow and short.

const byText = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

// Null where there is no order: with null, or between a text and a number.
function order(a, b) {
  if (typeof a === 'string' && typeof b === 'string') return byText(a, b);
  return typeof a === 'number' && typeof b === 'number' ? a - b : null;
}

function orderOfTuples(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); ++i) {
    const decided = order(a[i], b[i]);
    if (decided !== 0) return decided;
  }
  return 0;
}

const ordered = (a, b, holds) => { const found = order(a, b); return found !== null && holds(found); };
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function contains(value, part) {
  if (Array.isArray(value)) return value.some((item) => same(item, part));
  return typeof value === 'string' && value.includes(part);
}

const typeNames = { boolean: 'bool', number: 'number', string: 'string' };

function sizeOf(value) {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'string' ? Buffer.byteLength(value) : null;
}

const operators = {
  eq: (value, operand) => same(value, operand),
  ne: (value, operand) => !same(value, operand),
  lt: (value, operand) => ordered(value, operand, (found) => found < 0),
  le: (value, operand) => ordered(value, operand, (found) => found <= 0),
  gt: (value, operand) => ordered(value, operand, (found) => found > 0),
  ge: (value, operand) => ordered(value, operand, (found) => found >= 0),
  between: (value, [low, high]) => operators.ge(value, low) && operators.le(value, high),
  contains,
  notContains: (value, part) => !contains(value, part),
  beginsWith: (value, prefix) => typeof value === 'string' && value.startsWith(prefix),
  attributeExists: (value, expected) => (value !== null) === expected,
  attributeType: (value, name) => (value === null ? '_null' : Array.isArray(value) ? 'list' : typeNames[typeof value]) === name,
  size: (value, conditions) => sizeOf(value) !== null && holdsAll(sizeOf(value), conditions),
};

const holdsAll = (value, conditions) => Object.entries(conditions).every(([name, operand]) => operators[name](value, operand));

export function matches(record, filter) {
  return Object.entries(filter ?? {}).every(([name, condition]) => {
    if (condition === null) return true;
    if (name === 'and') return condition.every((member) => matches(record, member));
    if (name === 'or') return !condition.length || condition.some((member) => matches(record, member));
    if (name === 'not') return !matches(record, condition);
    return holdsAll(record[name] ?? null, condition);
  });
}

const keyOperators = {
  eq: (found) => found === 0, le: (found) => found <= 0, lt: (found) => found < 0, ge: (found) => found >= 0, gt: (found) => found > 0,
};

// Several sort fields are one text, "a#b", with numbers of at most 15 digits; with one field it is that.
const sortText = (value) => (typeof value === 'number' ? String(Number(value.toPrecision(15))) : String(value));

const textOf = (values, names) => names.map((name) => sortText(values[name])).join('#');
const sortKey = (record, sortFields) => (sortFields.length === 1 ? record[sortFields[0]] : textOf(record, sortFields));

// Whether the sort fields of a key satisfy its condition; with several fields an operand may give fewer.
function keyHolds(record, sortFields, condition) {
  const value = sortKey(record, sortFields);
  const given = (operand) => (typeof operand === 'object' ? textOf(operand, sortFields.filter((name) => operand[name] !== undefined)) : operand);
  return Object.entries(condition ?? {}).every(([name, operand]) => {
    if (name === 'between') return order(value, given(operand[0])) >= 0 && order(value, given(operand[1])) <= 0;
    if (name === 'beginsWith') return String(value).startsWith(given(operand));
    return keyOperators[name](order(value, given(operand)));
  });
}

// The page of `records` that the arguments mean; `key` names the partition and sort fields, `rest` what breaks ties.
export function page(records, args, { partition, sortFields = [], argument, rest = [] }, offset) {
  const isPart = args[partition] != null;
  const place = (record) => [...(isPart ? [sortKey(record, sortFields)] : [partition, ...sortFields].map((name) => record[name])),
    ...rest.map((name) => record[name])];
  const found = records
    .filter((record) => !isPart || record[partition] === args[partition])
    .filter((record) => !isPart || sortFields.every((name) => record[name] !== null && record[name] !== undefined))
    .filter((record) => keyHolds(record, sortFields, args[argument]))
    .sort((a, b) => orderOfTuples(place(a), place(b)));
  if (args.sortDirection === 'DESC') found.reverse();
  return cut(found, args, offset);
}

// `limit` counts before the filter.
export function cut(found, { limit = 100, filter }, offset) {
  const end = offset + (limit ?? 100);
  return { items: found.slice(offset, end).filter((record) => matches(record, filter)), next: end < found.length ? end : null };
}
