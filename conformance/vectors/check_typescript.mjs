// Holds the official TypeScript SDK against the vectors: each row says what it expects, or how the SDKs differ.
//
//     node check_typescript.mjs DIRECTORY-WITH-node_modules

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const entry = createRequire(resolve(process.argv[2], 'here')).resolve('agentchatme')
const { renderMessageContext, verifyWebhook, WebhookVerificationError } = await import(pathToFileURL(entry))

async function webhook(row) {
  try {
    await verifyWebhook({
      payload: row.body_base64 === undefined ? row.body : new Uint8Array(Buffer.from(row.body_base64, 'base64')),
      signature: row.header,
      secret: row.secrets[0],
      toleranceSeconds: row.tolerance_s ?? 300,
      now: () => row.now_ms,
    })
  } catch (error) {
    return error instanceof WebhookVerificationError ? error.reason : error.name
  }
  return 'ok'
}

const render = async (row) => {
  try {
    return renderMessageContext(row.message, { selfHandle: row.own, now: row.now_ms })
  } catch (error) {
    return error.name
  }
}

let rows = 0
let wrong = 0
for (const [name, judge] of [['webhook.json', webhook], ['render.json', render]]) {
  for (const row of JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))) {
    rows += 1
    const said = await judge(row)
    const expected = row.typescript_sdk ?? row.python_sdk ?? row.expect
    if (said === expected) continue
    wrong += 1
    console.log(`${name}: ${row.name}: expected ${JSON.stringify(expected)}, the SDK says ${JSON.stringify(said)}`)
  }
}
console.log(`${rows} rows, ${wrong} wrong`)
process.exitCode = wrong > 0 ? 1 : 0
