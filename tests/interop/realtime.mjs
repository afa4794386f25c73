// SPDX-License-Identifier: MIT
// The real-time protocol by hand: subscriptions whose payloads are kept.
import { EventEmitter } from 'node:events';

import WebSocket from 'ws';

import { until } from './parties.mjs';

export class RealtimeClient extends EventEmitter {
  constructor(server) {
    super();
    this.authorization = { host: `localhost:${server.port}`, 'x-api-key': server.apiKey };
    const header = Buffer.from(JSON.stringify(this.authorization)).toString('base64url');
    this.socket = new WebSocket(`ws://localhost:${server.port}/graphql/realtime`, ['graphql-ws', `header-${header}`]);
    this.messages = [];
    this.payloads = new Map();
    this.socket.on('open', () => this.#send({ type: 'connection_init' }));
    this.socket.on('message', (text) => this.#received(JSON.parse(text)));
  }

  #send(message) { this.socket.send(JSON.stringify(message)); }

  #received(message) {
    this.messages.push(message);
    if (message.type === 'data') this.payloads.get(message.id).push(message.payload);
    this.emit('message');
  }

  happens(matches, what) {
    return until(this, 'message', () => this.messages.find(matches), () => `${what}; got ${JSON.stringify(this.messages.slice(-5))}`);
  }

  ready() { return this.happens(({ type }) => type === 'connection_ack', 'connection_ack'); }

  // The answer: start_ack or error.
  async subscribe(id, query, variables) {
    this.payloads.set(id, []);
    this.#send({ type: 'start', id, payload: { data: JSON.stringify({ query, variables }), extensions: { authorization: this.authorization } } });
    return this.happens((message) => message.id === id && message.type !== 'data', `an answer to ${id}`);
  }

  // The first payload of the subscription.
  async payload(id) {
    await this.happens((message) => message.id === id && message.type === 'data', `data of ${id}`);
    return this.payloads.get(id)[0];
  }

  close() { this.socket.terminate(); }
}
