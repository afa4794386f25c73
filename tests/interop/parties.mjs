// SPDX-License-Identifier: MIT
// The server and the devices as child processes, with waiting for what they say.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const patience = 20_000;

// Resolves when `look` gives something, looking again whenever `emitter` says `signal`.
export function until(emitter, signal, look, what) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(reject, new Error(`waited in vain for ${what()}`)), patience);
    const check = () => {
      const found = look();
      if (found) done(resolve, found);
    };
    function done(settle, value) {
      clearTimeout(timer);
      emitter.off(signal, check);
      settle(value);
    }
    emitter.on(signal, check);
    check();
  });
}

export class Server {
  constructor({ tool, schema, database, apiKey, options = [] }) {
    Object.assign(this, { tool, schema, database, apiKey, options, port: 0 });
  }

  get certificate() { return `${this.database}.certificate.pem`; }
  get endpoint() { return `https://localhost:${this.port}/graphql`; }

  async start() {
    this.process = spawn(this.tool, ['serve', this.schema, '--host', 'localhost', '--port', String(this.port),
      '--database', this.database, '--self-signed', ...this.options], { env: { ...process.env, TIDELINE_API_KEY: this.apiKey } });
    this.output = '';
    this.errors = '';
    this.process.stdout.on('data', (text) => { this.output += text; });
    this.process.stderr.on('data', (text) => { this.errors += text; });
    this.process.on('exit', () => this.process.stdout.emit('data', ''));
    const line = await until(this.process.stdout, 'data',
      () => /listening on https:\/\/localhost:(\d+)\/graphql/.exec(this.output) ?? (this.process.exitCode !== null && [null, NaN]),
      () => `the server; it said: ${this.output}${this.errors}`);
    this.port = Number(line[1]);
    if (Number.isNaN(this.port)) throw new Error(`the server did not start: ${this.errors}`);
  }

  // The exit code.
  async stop() {
    if (this.process.exitCode !== null) return this.process.exitCode;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    return (await ended)[0];
  }

  // The whole response to a request without any client library.
  async answer(query, variables = {}, credentials = { 'x-api-key': this.apiKey }) {
    const response = await fetch(`http://localhost:${this.port}/graphql`, {     // no certificate to trust
      method: 'POST',
      headers: { 'content-type': 'application/json', ...credentials },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  // The data of a request that must succeed.
  async graphql(query, variables = {}) {
    const answer = await this.answer(query, variables);
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  }
}

// amplify-js DataStore; its models are those of models.mjs or of a file that AWS's code generator wrote.
export class Device {
  // `more` goes to the device's configuration; observing starts DataStore, so that comes first.
  static async make(name, server, { models, ...more } = {}) {
    const device = new this();
    Object.assign(device, { name, server, models, events: [], calls: new Map() });
    device.launch();
    device.process.on('exit', (code) => device.#ended(code));
    await device.happens((event) => event.event === 'here', 'its start');
    await device.tell('configure', { endpoint: server.endpoint, apiKey: server.apiKey, ...more });
    return device;
  }

  launch() {
    this.process = fork(fileURLToPath(new URL('device.mjs', import.meta.url)), [], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: this.server.certificate, ...(this.models ? { TIDELINE_MODELS: this.models } : {}) },
    });
    this.process.on('message', (message) => this.received(message));
  }

  send(message) { this.process.send(message); }
  end() { this.process.disconnect(); }

  received(message) {
    if (message.event) {
      this.events.push(message);
      this.process.emit('told');
      return;
    }
    const { resolve, reject } = this.calls.get(message.call);
    this.calls.delete(message.call);
    message.failure ? reject(new Error(`${this.name}: ${message.failure}`)) : resolve(message.result);
  }

  #ended(code) {
    for (const { reject } of this.calls.values()) reject(new Error(`${this.name} ended with ${code}`));
    this.calls.clear();
    this.process.emit('told');
  }

  tell(command, parameters) {
    return new Promise((resolve, reject) => {
      this.lastCall = (this.lastCall ?? 0) + 1;
      this.calls.set(this.lastCall, { resolve, reject });
      this.send({ call: this.lastCall, command, parameters });
    });
  }

  // The first event of this kind after `from`.
  happens(matches, what, from = 0) {
    return until(this.process, 'told', () => this.process.exitCode !== null || this.events.slice(from).find(matches),
      () => `${what} on ${this.name}; it told ${JSON.stringify(this.events.slice(-10))}`);
  }

  hub(name, from = 0) {
    return this.happens((event) => event.event === 'hub' && event.name === name, `"${name}"`, from);
  }

  async ready() {
    await this.tell('start');
    await this.hub('ready');
  }

  // Runs `action` and waits until the server has accepted what it changed.
  async sent(action) {
    const from = this.events.length;
    const result = await action();
    await this.happens((event) => event.event === 'hub' && event.name === 'outboxStatus' && event.data.isEmpty,
      'an empty outbox', from);
    return result;
  }

  // Runs `action` and waits until the server has answered the mutation that `matches` the text of its event; an outbox
  // may be empty for a moment between the mutations of one action.
  async processed(matches, action) {
    const from = this.events.length;
    await action();
    await this.happens((event) => event.event === 'hub' && event.name === 'outboxMutationProcessed' && matches.test(JSON.stringify(event.data)),
      `the answer to ${matches}`, from);
  }

  // Waits until the stored record satisfies `matches`.
  async sees(model, id, matches, what) {
    for (let seen = this.events.length; ; seen = this.events.length) {
      const record = await this.tell('query', { model, id });
      if (matches(record)) return record;
      await this.happens(() => true, `${what}, but has ${JSON.stringify(record)}`, seen);
    }
  }

  // Waits until all records of these models are equal to the expected ones.
  async becomes(expected) {
    for (let seen = this.events.length; ; seen = this.events.length) {
      const found = {};
      for (const model of Object.keys(expected)) found[model] = sorted(await this.tell('all', { model }));
      if (isDeepStrictEqual(found, expected)) return;
      await this.happens(() => true, `what the backend has, but ${difference(found, expected)}`, seen);
    }
  }

  errors() { return this.events.filter((event) => event.event === 'error'); }

  async stop() {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.end();
    await ended;
  }
}

// The same of a Tideline client; device.cpp.
export class TidelineDevice extends Device {
  launch() {
    this.process = spawn(process.env.TIDELINE_DEVICE, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.process.stdout }).on('line', (line) => this.received(JSON.parse(line)));
  }

  send(message) { this.process.stdin.write(`${JSON.stringify(message)}\n`); }
  end() { this.process.stdin.end(); }
}

// Members and records in one order, so that two lists can be compared.
export function sorted(records) {
  return records.map((record) => JSON.stringify(Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))))).sort();
}

function difference(found, expected) {
  return Object.keys(expected).map((model) => {
    const missing = expected[model].filter((record) => !found[model].includes(record));
    const extra = found[model].filter((record) => !expected[model].includes(record));
    return missing.length + extra.length ? `of ${model} it lacks ${missing} and has ${extra}` : '';
  }).filter(Boolean).join('; ');
}
