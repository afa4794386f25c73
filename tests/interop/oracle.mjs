// SPDX-License-Identifier: MIT
// Our validation and execution as a child process (oracle.cpp), and graphql-js's view of the same schemas.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { GraphQLError, Kind, buildASTSchema, parse, print, validate } from 'graphql';

export const fixtureNames = ['auth', 'blog', 'relations', 'types'];
export const leftOut = ['AmplifyAIConversationTurnErrorInput'];     // of AWS's schema; see tst_appsyncschema.cpp
export const fixture = (path) => readFileSync(join(process.env.TIDELINE_SHARED_DIR, 'fixtures', path), 'utf8');

const textScalars = ['AWSDate', 'AWSTime', 'AWSDateTime', 'AWSEmail', 'AWSJSON', 'AWSURL', 'AWSPhone', 'AWSIPAddress'];
const scalarDefinitions = [...textScalars, 'AWSTimestamp'].map((name) => `scalar ${name}`).join('\n');

export const validTexts = {
  AWSDate: ['2024-02-29', '1999-12-31Z'],
  AWSTime: ['12:30', '23:59:59.999Z'],
  AWSDateTime: ['2024-02-29T12:30:45.123Z', '2024-02-29T12:30Z'],
  AWSEmail: ['anna@example.com'],
  AWSJSON: ['{"a":[1,null]}', '"text"'],
  AWSURL: ['https://example.com/a?b=c'],
  AWSPhone: ['+49 30 123456'],
  AWSIPAddress: ['192.168.0.1', '2001:db8::1'],
};
export const invalidText = 'bad!';              // as is every other text that documents.mjs and mutations.mjs use

function shown(value) {
  return typeof value === 'string' ? JSON.stringify(value) : print(value);
}

// graphql-js knows nothing of AppSync's scalars and would take any value for them.
function giveScalarsTheirRules(schema, inspect) {
  for (const name of textScalars) {
    const scalar = schema.getType(name);
    if (!scalar) continue;
    const refuse = (text, nodes) => { throw new GraphQLError(`${name} cannot represent value: ${text}`, { nodes }); };
    scalar.parseValue = (value) => (validTexts[name].includes(value) ? value : refuse(inspect(value)));
    scalar.parseLiteral = (node) =>
      (node.kind === Kind.STRING && validTexts[name].includes(node.value) ? node.value : refuse(shown(node), node));
  }
  const timestamp = schema.getType('AWSTimestamp');
  if (!timestamp) return;
  const refuse = (problem, text, nodes) => { throw new GraphQLError(`AWSTimestamp cannot represent ${problem} value: ${text}`, { nodes }); };
  timestamp.parseValue = (value) => {
    if (!Number.isInteger(value)) refuse('non-integer', inspect(value));
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) refuse('non 64-bit signed integer', inspect(value));
    return value;
  };
  timestamp.parseLiteral = (node) => {
    if (node.kind !== Kind.INT) refuse('non-integer', shown(node), node);
    if (BigInt.asIntN(64, BigInt(node.value)) !== BigInt(node.value)) refuse('non 64-bit signed integer', node.value, node);
    return Number(node.value);
  };
}

export async function graphqlJsSchema(sdl) {
  const { inspect } = await import('graphql/jsutils/inspect.js');
  const definitions = parse(sdl).definitions.filter((definition) => !leftOut.includes(definition.name?.value));
  const known = new Set(definitions.map((definition) => definition.name?.value));
  const scalars = parse(scalarDefinitions).definitions.filter((definition) => !known.has(definition.name.value));
  const schema = buildASTSchema({ kind: Kind.DOCUMENT, definitions: [...definitions, ...scalars] }, { assumeValidSDL: true });
  giveScalarsTheirRules(schema, inspect);
  return schema;
}

// Nothing when graphql-js has no verdict: it gives up on @skip and @include with variables at the top of a subscription.
export function verdictOf(schema, document) {
  try {
    return validate(schema, document);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}

export class Oracle {
  constructor() {
    this.process = spawn(process.env.TIDELINE_ORACLE, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift().resolve(JSON.parse(line)));
    this.process.on('exit', (code, signal) => {
      for (const { reject } of this.waiting) reject(new Error(`the oracle ended with ${code ?? signal}`));
    });
  }

  ask(question) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }

  async use(what) {
    const answer = await this.ask(what);
    if (answer.problem) throw new Error(answer.problem);
    return answer.sdl;
  }

  async stop() {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.stdin.end();
    await ended;
  }
}
