// An agent on the official TypeScript SDK, unmodified: it says what it handled, one JSON object a line.
//
//     AGENTCHAT_API_KEY=… node listener.mjs FOLDER-OF-THE-SDK BASE-URL
//
// Its handler fails at the text `poison` the first time.
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const [folder, baseUrl] = process.argv.slice(2)
const { AgentChatClient, RealtimeClient } = createRequire(resolve(folder, 'package.json'))('agentchatme')

const apiKey = process.env.AGENTCHAT_API_KEY
const client = new AgentChatClient({ apiKey, baseUrl })
const realtime = new RealtimeClient({ apiKey, baseUrl: baseUrl.replace('http', 'ws'), client })
let failed = false
realtime.on('message.new', async ({ payload }) => {
  const text = payload.content.text ?? null
  if (text === 'poison' && !failed) {
    failed = true
    throw new Error('not now')
  }
  process.stdout.write(`${JSON.stringify({ handled: text })}\n`)
})
realtime.onError(() => {})
await realtime.connect()
