import { existsSync } from 'node:fs'
import test from 'ava'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Verification } from '../../../src/engine/model/verification.ts'
import { html } from '../../../src/engine/report/html/markup.ts'
import { reportHtml } from '../../../src/engine/report/html.ts'
import { HOSTILE, obeyed } from '../../helpers/hostile.ts'
import { where } from '../../helpers/needs.ts'
import { HERE, hostileView, viewOf } from '../../unit/report/views.ts'

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)
const inBrowser = where(BROWSER !== undefined, 'there is no Chromium in /usr/bin')

let started: Promise<Browser> | undefined
test.after.always(async () => (await started)?.close())

const VERIFIED: Verification = {
  ...{ schemaVersion: 1, verdict: 'UNTRUSTED', mend: null, commit: null, session: null, manifest: null },
  reason: HOSTILE,
  signatures: [],
  checks: [{ check: 'manifest', ok: true, word: null, detail: HOSTILE }],
  cautions: [HOSTILE],
}

interface Opened {
  readonly page: Page
  /** Everything but the page itself that was asked for. */
  readonly requests: string[]
}

/** A page in a real browser with script allowed, as a reader opens it; requests are counted and not answered. */
async function opened(text: string, how: { colorScheme?: 'light' | 'dark'; width?: number } = {}): Promise<Opened> {
  started ??= chromium.launch({ executablePath: BROWSER ?? '', args: ['--no-sandbox'] })
  const { colorScheme = 'light', width = 1200 } = how
  const page = await (await started).newPage({ colorScheme, viewport: { width, height: 800 } })
  const requests: string[] = []
  await page.route('**', async (route) => {
    if (route.request().url() === 'http://report.test/') return route.fulfill({ body: text, contentType: 'text/html' })
    requests.push(route.request().url())
    return route.abort()
  })
  await page.goto('http://report.test/')
  return { page, requests }
}

test('what is put into markup is text, in attributes, too', (t) => {
  t.is(
    html`<b title="${'"><i>&\'\x1b'}">${'<i>'}</b>`.markup,
    '<b title="&quot;&gt;&lt;i&gt;&amp;&#39;\\x1b">&lt;i&gt;</b>',
  )
  t.is(html`${[html`<i>`, html`</i>`]}${null}${3}`.markup, '<i></i>3')
})

test('a page names no other place and holds no script', (t) => {
  const page = reportHtml(hostileView(), VERIFIED, HERE)
  t.notRegex(page, /<(script|img|svg|iframe|object|link|base|form|a href="[^#])/i)
  t.notRegex(page, /<[^>]*\son\w+=/i)
  t.notRegex(page, /url\(|@import/)
  t.regex(page, /default-src &#39;none&#39;/)
  t.notRegex(page, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/)
})

test('evidence of each pair stands side by side, and the first runs where there are no pairs', (t) => {
  t.regex(reportHtml(viewOf(), null, HERE), /red of pair 1\n.*green of pair 1\n/s)
  const view = viewOf()
  const files = new Map([...view.files].filter(([path]) => !path.startsWith('verification/')))
  t.regex(reportHtml({ ...view, files }, null, HERE), /class="sides">.*1 failed\n.*1 passed\n.*<h2 id="timeline"/s)
})

inBrowser('hostile words are inert: no request, no script, no link, no element of theirs', async (t) => {
  const { page, requests } = await opened(reportHtml(hostileView(), VERIFIED, HERE))
  t.is(await page.title(), `PROVED: session ${hostileView().session}`)
  t.deepEqual(requests, [])
  t.is(await page.locator('script, img, svg, iframe, base, form, input, [onfocus], [onload], [onerror]').count(), 0)
  t.is(await page.locator('style').count(), 1)
  t.is(obeyed(((await page.locator('body').textContent()) ?? '').replaceAll('\u00a0', ' ').slice(0, 200)), null)
  t.deepEqual(await page.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href'))), ['#change'])
  t.true((await page.locator('body').textContent())?.includes('<script>document.title="owned"</script>'))
  await page.close()
})

inBrowser('everything is reached by keyboard, from a link that skips to the change on', async (t) => {
  const { page } = await opened(reportHtml(viewOf(), VERIFIED, HERE))
  await page.keyboard.press('Tab')
  t.is(await page.evaluate('document.activeElement.className'), 'skip')
  t.true(await page.locator('.skip').isVisible())
  const reached = new Set<unknown>()
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press('Tab')
    reached.add(await page.evaluate('document.activeElement.tagName'))
  }
  t.true(reached.has('PRE') && reached.has('SUMMARY'))
  const first = page.locator('details').first()
  await first.locator('summary').focus()
  await page.keyboard.press('Enter')
  t.not(await first.getAttribute('open'), null)
  await page.close()
})

inBrowser('a screen reader finds landmarks, headings in order, and a name for every box', async (t) => {
  const { page } = await opened(reportHtml(viewOf(), VERIFIED, HERE))
  t.is(await page.locator('html').getAttribute('lang'), 'en')
  t.is(await page.locator('main').count(), 1)
  const levels = await page.locator('h1, h2, h3').evaluateAll((all) => all.map((one) => Number(one.tagName.slice(1))))
  t.is(levels.filter((level) => level === 1).length, 1)
  t.true(levels.every((level, at) => at === 0 || level - (levels[at - 1] ?? 0) <= 1))
  const ids = await page.locator('[id]').evaluateAll((all) => all.map((one) => one.id))
  t.is(new Set(ids).size, ids.length)
  t.is(await page.locator('pre:not([aria-label])').count(), 0)
  t.is(await page.locator('table caption').count(), 1)
  await page.close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  inBrowser(`text has enough contrast in ${colorScheme}, and the page is no wider than a telephone`, async (t) => {
    const { page } = await opened(reportHtml(viewOf(), VERIFIED, HERE), { colorScheme, width: 360 })
    const poor = (await page.evaluate(CONTRAST)) as string[]
    t.deepEqual(poor, [])
    t.true(((await page.evaluate('document.documentElement.scrollWidth')) as number) <= 360)
    await page.close()
  })
}

/** Runs in the page: every element with text of its own whose contrast is below 4.5 (WCAG 2.2, 1.4.3 and the formula it names). */
const CONTRAST = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0)
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor)
      if (colour[3] !== 0) return colour
    }
    return [255, 255, 255]
  }
  return [...document.querySelectorAll('body *')]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .flatMap((element) => {
      const [a, b] = [light(parts(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x)
      const ratio = (a + 0.05) / (b + 0.05)
      return ratio < 4.5 ? [element.outerHTML.slice(0, 80) + ' ' + ratio.toFixed(2)] : []
    })
})()`
