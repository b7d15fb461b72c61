// What the official TypeScript SDK, unmodified, spends: prints lines like those of `measure --against`.
//
//     node cost.mjs DIRECTORY-WITH-node_modules rest|ws BASE-URL FRAMES

import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [installed, part, baseUrl, frames] = process.argv.slice(2)
const entry = createRequire(resolve(installed, 'here')).resolve('agentchatme')
const { AgentChatClient, RealtimeClient } = await import(pathToFileURL(entry.replace(/index\.cjs$/, 'index.js')))

const KEY = 'ac_measured0000'

const client = new AgentChatClient({ apiKey: KEY, baseUrl })
const tell = (metric, value) => console.log([part, metric, value].join('\t'))
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
const now = () => ({ time: performance.now() / 1e3, cpu: cpu() })
const since = (begin) => ({ time: now().time - begin.time, cpu: cpu() - begin.cpu })

async function calls(count, inFlight) {
  let left = count
  const send = async () => {
    while (left-- > 0) await client.sendMessage({ to: '@alice', content: { text: 'hello' } })
  }
  const begin = now()
  await Promise.all(Array.from({ length: inFlight }, send))
  const spent = since(begin)
  return { time: spent.time / count, cpu: spent.cpu / count }
}

async function rest() {
  await calls(500, 64)
  const one = await calls(2_000, 1)
  tell('seq calls/s', 1 / one.time)
  tell('seq CPU s / 1,000', one.cpu * 1e3)
  const many = await calls(4_000, 64)
  tell('64 in flight calls/s', 1 / many.time)
  tell('64 in flight CPU s / 1,000', many.cpu * 1e3)
}

async function ws() {
  const realtime = new RealtimeClient({ apiKey: KEY, baseUrl: baseUrl.replace('http', 'ws'), client })
  let [handled, begin] = [0, null]
  await new Promise((done) => {
    realtime.on('message.new', () => {
      begin ??= now()
      if (++handled === Number(frames)) done()
    })
    realtime.connect()
  })
  const spent = since(begin)
  tell('frames/s', frames / spent.time)
  tell('CPU s / 100k', (spent.cpu / frames) * 1e5)
  realtime.disconnect()
}

await { rest, ws }[part]()
process.exit(0)
