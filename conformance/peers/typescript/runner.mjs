// The official TypeScript SDK, unmodified, making the calls it reads: one a line, answered with one line.
//
//     node runner.mjs DIRECTORY-WITH-node_modules BASE-URL
//
// The first line says what the SDK is and what is public in it. The protocol is in ../harness/clients.py.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [installed, baseUrl] = process.argv.slice(2)
const entry = createRequire(resolve(installed, 'here')).resolve('agentchatme')
const sdk = await import(pathToFileURL(entry.replace(/index\.cjs$/, 'index.js')))
const { AgentChatClient, RealtimeClient } = sdk

const UNAUTHENTICATED = ['register', 'verify', 'recover', 'recoverVerify']

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

// What the declarations of a class call public; at run time the private methods cannot be told apart.
function declared(name) {
  const text = readFileSync(entry.replace(/index\.cjs$/, 'index.d.ts'), 'utf8')
  const body = text.slice(text.indexOf(`declare class ${name} {`)).split('\n}\n')[0]
  const members = [...body.matchAll(/^ {4}(?:static )?(?:get )?(\w+)\(/gm)].map((match) => snake(match[1]))
  return [...new Set(members)].filter((member) => member !== 'constructor').sort()
}

const clients = new Map()

function client(key) {
  if (!clients.has(key)) clients.set(key, new AgentChatClient({ apiKey: key ?? '', baseUrl }))
  return clients.get(key)
}

// The arguments in the order of the method's own parameters. The bundler may have put a digit behind a name.
function positional(name, fn, params, idempotencyKey) {
  const rest = { ...params }
  const take = (key) => {
    const value = rest[key]
    delete rest[key]
    return value
  }
  const names = fn.toString().match(/^(?:async )?\w+\(([^)]*)\)/)[1].split(',').map((n) => n.trim().replace(/\d+$/, ''))
  return names.filter(Boolean).map((parameter) => {
    if (parameter === 'req') return 'req' in rest ? take('req') : drain(rest)
    if (parameter === 'image') return new Uint8Array(Buffer.from(take('image_base64'), 'base64'))
    if (parameter !== 'options' && parameter !== 'opts') return take(snake(parameter))
    const spelled = name === 'register' ? (key) => key : camel
    const options = Object.fromEntries(Object.entries(drain(rest)).map(([key, value]) => [spelled(key), value]))
    if (UNAUTHENTICATED.includes(name)) options.baseUrl = baseUrl
    return idempotencyKey === null ? options : { ...options, idempotencyKey }
  })
}

function drain(rest) {
  const all = { ...rest }
  for (const key of Object.keys(rest)) delete rest[key]
  return all
}

async function call({ method, params, key, idempotency_key: idempotencyKey }) {
  const name = camel(method)
  const target = UNAUTHENTICATED.includes(name) ? AgentChatClient : client(key)
  if (typeof target[name] !== 'function') return { missing: true }
  let result = target[name](...positional(name, target[name], params, idempotencyKey))
  if (Symbol.asyncIterator in result) {
    const items = []
    for await (const item of result) items.push(item)
    return { data: items }
  }
  return { data: plain(await result) ?? null }
}

// The result without what only makes sense in this language.
function plain(result) {
  if (typeof result !== 'object' || result === null) return result
  if ('apiKey' in result) {
    const { client: _, apiKey, ...others } = result
    return { ...others, api_key: apiKey }
  }
  if ('backlogWarning' in result) {
    const warning = result.backlogWarning
    const fields = warning && Object.fromEntries(Object.entries(warning).map(([key, value]) => [snake(key), value]))
    return { message: result.message, backlog_warning: fields }
  }
  return result
}

const raised = (error) => ({
  class: error.constructor.name.replace(/^_/, '').replace(/\d+$/, ''),
  message: error.message,
  code: error.code ?? null,
  status: error.status ?? null,
  details: error.details ?? null,
  retry_after_ms: error.retryAfterMs ?? null,
  reason: error.reason ?? null,
})

// One connection, and what it heard.
class Realtime {
  inbox = []
  waiting = []
  errors = []
  events = []

  constructor({ key, own, events }) {
    this.client = new RealtimeClient({ apiKey: key, baseUrl: baseUrl.replace('http', 'ws'), client: client(key) })
    this.connected = new Promise((done) => this.client.onConnect(done))
    this.client.on('message.new', ({ payload }) => {
      // Our own messages take numbers in the conversation, which this SDK takes for lost messages,
      // fetches, and hands back to us (W-08).
      if (payload.sender === own) return
      const waiting = this.waiting.shift()
      if (waiting) waiting(payload)
      else this.inbox.push(payload)
    })
    for (const kind of events) this.client.on(kind, (event) => void this.events.push(event))
    this.client.onError((error) => this.errors.push(error.message))
  }

  async do({ realtime: what, conversation_id: conversation, through_seq: seq }) {
    switch (what) {
      case 'connect':
        await this.client.connect()
        await this.connected
        return null
      case 'hear':
        return this.inbox.shift() ?? new Promise((done) => this.waiting.push(done))
      case 'unheard':
        return this.inbox.splice(0)
      case 'events':
        return this.events
      case 'typing.start':
        return this.client.sendTypingStart(conversation)
      case 'typing.stop':
        return this.client.sendTypingStop(conversation)
      case 'read_ack':
        return this.client.sendReadAck(conversation, seq)
      case 'drain':
        return this.client.drainOfflineEnvelopes()
      case 'state':
        return { connected: this.client.isConnected, errors: this.errors }
      case 'disconnect':
        return this.client.disconnect()
    }
    throw new Error(`unknown: ${what}`)
  }
}

let realtime = null

const verify = ({ verify: body, signature, secret }) =>
  sdk.verifyWebhook({ payload: new Uint8Array(Buffer.from(body, 'base64')), signature, secret })

async function answer(question) {
  try {
    if (question.verify) return { data: await verify(question) }
    if (!question.realtime) return await call(question)
    if (question.realtime === 'connect') realtime = new Realtime(question)
    return { data: (await realtime.do(question)) ?? null }
  } catch (error) {
    return { error: raised(error) } // whatever it is, the comparison wants to know
  }
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

say({
  peer: 'typescript',
  version: sdk.VERSION,
  methods: declared('AgentChatClient'),
  realtime: declared('RealtimeClient'),
  exports: Object.keys(sdk).sort(),
})
for await (const line of createInterface({ input: process.stdin })) say(await answer(JSON.parse(line)))
