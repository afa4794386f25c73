// SPDX-License-Identifier: MIT
// graphql-js as oracle: what it says against generated documents is what our validation says, with the same places.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { parse } from 'graphql';

import { DocumentMaker, Random } from './documents.mjs';
import { Mutator } from './mutations.mjs';
import { Oracle, fixture, fixtureNames, graphqlJsSchema, verdictOf } from './oracle.mjs';

const documents = Number(process.env.TIDELINE_DOCUMENTS ?? 1000);       // for each schema
const seed = Number(process.env.TIDELINE_SEED ?? 1);
const errorLimit = 100;

let oracle;
before(() => { oracle = new Oracle(); });
after(() => oracle.stop());

const plain = ({ message, locations }) => JSON.stringify({ message, locations: locations?.map(({ line, column }) => [line, column]) ?? [] });
const compared = (errors) => errors.map(plain).sort();

// A text that was broken at a random place and still parses has no verdict: values in it may be of AppSync's scalars or not.
function verdict(schema, source, isBroken) {
  let document;
  try {
    document = parse(source);
  } catch (error) {
    return [error];
  }
  return isBroken ? null : verdictOf(schema, document);
}

function broken(random, source) {
  const at = random.int(source.length);
  const stray = random.pick(['{', '}', '(', '$', '"', '@', '...', '!', '\u00a7', '0x', '1.', '', '', '']);
  return source.slice(0, at) + stray + source.slice(at + random.int(3));
}

const isBroken = (i) => i % 10 === 1;

async function agrees(schema, firstState) {
  const random = new Random(firstState);
  const maker = new DocumentMaker(schema, random);
  const mutator = new Mutator(schema, random);
  const sources = Array.from({ length: documents }, (_, i) => {
    const { source } = maker.make();
    if (i % 5 === 0) return source;
    return isBroken(i) ? broken(random, source) : mutator.mutate(source);
  });
  const answers = await Promise.all(sources.map((source) => oracle.ask({ source })));
  let valid = 0;
  let wrong = 0;
  for (const [i, source] of sources.entries()) {
    const expected = verdict(schema, source, isBroken(i));
    if (!expected || expected.length >= errorLimit) continue;
    valid += expected.length === 0;
    wrong += expected.length > 0;
    assert.deepEqual(compared(answers[i].errors), compared(expected), `document ${i} of seed ${firstState}:\n${source}`);
  }
  assert.ok(valid > documents / 20, `only ${valid} documents are valid`);
  assert.ok(wrong > documents / 3, `only ${wrong} documents are wrong`);
}

test('documents against a schema with every kind of type', async () => {
  const sdl = fixture('graphql/semantic.schema.graphql');
  await oracle.use({ sdl });
  await agrees(await graphqlJsSchema(sdl), seed);
});

for (const [i, name] of fixtureNames.entries()) {
  test(`documents against AWS's schema of "${name}", ours being made from its models`, async () => {
    await oracle.use({ models: fixture(`schema/${name}/input.graphql`) });
    await agrees(await graphqlJsSchema(fixture(`schema/${name}/appsync.graphql`)), seed + 100 + i);
  });
}
