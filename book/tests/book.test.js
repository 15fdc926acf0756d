// The built book as a browser shows it: every page, light and dark, on a phone, a small screen and
// a projector; from files and under a sub-path; its search; and its folding by keyboard.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../book/', import.meta.url));
const mdbook = spawnSync('mdbook', ['--version']).status === 0;
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const every = readdirSync(folder).filter((name) => name.endsWith('.html'));
// Where each listing had a page of its own, its address leads on.
const leadsOn = (name) => readFileSync(join(folder, name), 'utf8').includes('http-equiv="refresh"');
const pages = every
    .filter((name) => !leadsOn(name))
    // toc.html is a part of a page for browsers without scripts, print.html and 404.html have tests of
    // their own.
    .filter((name) => !['toc.html', 'print.html', '404.html'].includes(name))
    .sort();
const widths = [320, 360, 390, 1024, 1920];
// The only other host that a link may lead to: the Rust book, and what is said of `std`.
const elsewhere = 'https://doc.rust-lang.org/';

// As a project's page is served: not at the top of its host.
const prefix = '/some/where/';
const types = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css',
    '.js': 'text/javascript',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.woff2': 'font/woff2',
};
let browser;
let server;
let base;

before(async () => {
    server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
        const inside = normalize(path.slice(prefix.length));
        const file = join(folder, inside === '.' ? 'index.html' : inside);
        if (!path.startsWith(prefix) || inside.startsWith('..') || !existsSync(file) || statSync(file).isDirectory()) {
            response.writeHead(404, { 'content-type': types['.html'] });
            response.end(readFileSync(join(folder, '404.html')));
            return;
        }
        response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' });
        response.end(readFileSync(file));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${server.address().port}${prefix}`;
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
        ],
    });
});

after(async () => {
    await browser?.close();
    server?.close();
});

// A tab that takes down what a reader would complain of.
async function tab(context) {
    const page = await context.newPage();
    const complaints = [];
    let root = base;
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
    page.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
    });
    page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(root) && !url.startsWith('data:')) complaints.push(`elsewhere: ${url}`);
    });
    const visit = async (address, width = 1280) => {
        root = address.startsWith('file:') ? 'file:' : base;
        await page.setViewportSize({ width, height: 900 });
        await page.goto(address, { waitUntil: 'load' });
    };
    // What was complained of since one asked last.
    const heard = () => complaints.splice(0);
    return { page, complaints, visit, heard };
}

async function open(context, address, width) {
    const opened = await tab(context);
    await opened.visit(address, width);
    return opened;
}

// A page as it is without scripts. It stays open for the next test that only reads it.
const still = new Map();
let withoutScripts;
async function read(name) {
    if (!still.has(name)) {
        withoutScripts ??= await browser.newContext({ javaScriptEnabled: false });
        const page = await withoutScripts.newPage();
        await page.goto(base + name, { waitUntil: 'domcontentloaded' });
        still.set(name, page);
    }
    return still.get(name);
}

test('the book has its pages', () => {
    assert.ok(pages.includes('index.html') && pages.includes('why-two-loops.html'));
    assert.ok(pages.length > 15, `only ${pages.length}`);
});

// What of a page can't be read, at the width that it has now.
const measured = (page, unfold) => page.evaluate(async (all) => {
    if (all) {
        for (const details of document.querySelectorAll('main details')) details.open = true;
    }
    const root = document.documentElement;
    // Who asks for less motion gets none: what is measured here stands where it stays.
    root.getBoundingClientRect();
    const moves = document.getAnimations().map(({ effect, transitionProperty }) =>
        `${transitionProperty} of ${effect.target.outerHTML.slice(0, 80)}`);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const main = document.querySelector('main');
    const limit = main.getBoundingClientRect().right + 1;
    const sticksOut = [...main.querySelectorAll('*')].filter((element) => {
        const { right, width } = element.getBoundingClientRect();
        return right > limit && width > 0
            && !element.closest('pre > code, .scrolls, .scroller, .table-wrapper, .buttons');
    });
    // What doesn't scroll, and is larger than its box, can't be read. (A way to skip something
    // is hidden until it has the focus.)
    const cut = [...main.querySelectorAll(':not(.skip)')].filter((element) =>
        element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1
            && ['hidden', 'clip'].includes(getComputedStyle(element).overflowX));
    const content = document.querySelector('#mdbook-content');
    return {
        moves,
        cut: cut.map((element) => element.outerHTML.slice(0, 80)),
        scrolls: Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth,
        content: content.scrollWidth - content.clientWidth,
        sticksOut: sticksOut.map((element) => element.outerHTML.slice(0, 80)),
        wide: [...main.querySelectorAll('pre > code')]
            .filter((code) => code.scrollWidth > code.clientWidth + 1)
            .map((code) => code.textContent.slice(0, 60)),
        background: getComputedStyle(document.documentElement).getPropertyValue('--bg').trim(),
    };
}, unfold);

// How wide a phone is, and how large the letters of a picture must be there.
const phones = new Map([[320, 8.4], [360, 9.7], [390, 10.5]]);

const pictures = (page) => page.locator('main figure.picture > svg').evaluateAll((all) =>
    // What only paper shows, or a browser without scripts, has no size here.
    all.filter((svg) => svg.getBoundingClientRect().width > 0).map((svg) => ({
        title: svg.querySelector('title')?.textContent ?? '',
        description: svg.querySelector('desc')?.textContent ?? '',
        named: svg.getAttribute('role') === 'img' && svg.hasAttribute('aria-labelledby'),
        right: svg.getBoundingClientRect().right,
        scrolled: Boolean(svg.closest('.scrolls, .scroller, .table-wrapper')),
        // What a letter of 11 px in the drawing is on the screen.
        letters: (11 * svg.getBoundingClientRect().width) / svg.viewBox.baseVal.width,
        cut: [...svg.querySelectorAll('text')].filter((text) => {
            const [inner, outer] = [text.getBBox(), svg.viewBox.baseVal];
            return inner.x < 0 || inner.x + inner.width > outer.width || inner.y + inner.height > outer.height;
        }).map((text) => text.textContent),
    })));

// Each page once, at every width, light and dark: it is opened on the smallest phone by a reader of the
// light look, and on a projector by one of the dark look. Several tests judge what was seen.
let walk;
const walked = () => walk ??= walkThrough();
async function walkThrough() {
    const seen = { sizes: [], violations: [], pictures: [], complaints: [] };
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    const { page, visit, heard } = await tab(context);
    // What axe checks depends on the colours and on what is unfolded: so with everything unfolded in
    // both colours. The room that things have depends on the width.
    const check = async (about, options) => {
        if (!await page.evaluate(() => 'axe' in globalThis)) await page.addScriptTag({ path: axe });
        const { violations } = await page.evaluate((wanted) => globalThis.axe.run(document, {
            resultTypes: ['violations'],
            rules: { 'target-size': { enabled: true } },
            ...wanted,
        }), options);
        for (const { id, nodes } of violations) {
            const where = nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`);
            seen.violations.push(`${about}: axe: ${id}: ${where.join('; ')}`);
        }
    };
    const room = { runOnly: ['target-size', 'scrollable-region-focusable'] };
    for (const name of pages) {
        await page.emulateMedia({ colorScheme: 'light' });
        await visit(base + name, widths[0]);
        for (const width of widths) {
            await page.setViewportSize({ width, height: 900 });
            // Only a page that is opened on a wide screen opens its table of contents. The dark look is
            // the one that the width before ended with.
            if (width === 1920) await page.reload();
            for (const colorScheme of width === 1920 ? ['dark', 'light'] : ['light', 'dark']) {
                const about = `${name}, ${width} px, ${colorScheme}`;
                await page.emulateMedia({ colorScheme });
                seen.sizes.push({ about, width, colorScheme, ...await measured(page, width === 1024) });
                if (width === 1024) await check(about, {});
            }
            if (width === 320 || width === 1920) await check(`${name}, ${width} px`, room);
            if (phones.has(width)) seen.pictures.push([name, width, await pictures(page)]);
        }
        seen.complaints.push(...heard().map((complaint) => `${name}: ${complaint}`));
    }
    await context.close();
    return seen;
}

test('no page complains of anything while it is read', async () => {
    assert.deepEqual((await walked()).complaints, []);
});

test('every page at any width, light and dark: nothing is cut off, sticks out or moves', async () => {
    const { sizes } = await walked();
    assert.equal(sizes.length, pages.length * widths.length * 2);
    const found = [];
    const backgrounds = { light: new Set(), dark: new Set() };
    for (const { about, width, colorScheme, background, ...size } of sizes) {
        backgrounds[colorScheme].add(background);
        if (size.scrolls > 0) found.push(`${about}: scrolls sideways by ${size.scrolls}`);
        if (size.content > 0) found.push(`${about}: the content scrolls sideways`);
        for (const what of size.moves) found.push(`${about}: moves: ${what}`);
        for (const html of size.sticksOut) found.push(`${about}: sticks out: ${html}`);
        for (const html of size.cut) found.push(`${about}: cut off: ${html}`);
        if (width >= 1024) {
            for (const code of size.wide) found.push(`${about}: code too wide: ${code}`);
        }
    }
    assert.deepEqual([...new Set(found)], []);
    // Each look was there, on every page.
    assert.deepEqual([backgrounds.light.size, backgrounds.dark.size], [1, 1]);
    assert.notDeepEqual(backgrounds.light, backgrounds.dark);
});

test('axe finds nothing on any page, light and dark', async () => {
    assert.deepEqual((await walked()).violations, []);
});

test('pictures can be read on any phone, without scrolling, and have a title and a description', async () => {
    const found = [];
    const counts = new Map([...phones.keys()].map((phone) => [phone, 0]));
    for (const [name, phone, all] of (await walked()).pictures) {
        counts.set(phone, counts.get(phone) + all.length);
        for (const { title, description, named, right, scrolled, letters, cut } of all) {
            const about = `${name}, ${phone} px: ${title}`;
            if (!title || description.length < 40 || !named) found.push(`${about}: no words`);
            if (right > phone || scrolled) found.push(`${about}: reaches to ${right}`);
            if (letters < phones.get(phone)) found.push(`${about}: letters of ${letters} px`);
            for (const text of cut) found.push(`${about}: cut: ${text}`);
        }
    }
    assert.deepEqual(found, []);
    for (const [phone, all] of counts) assert.ok(all >= 5, `${phone} px: ${all} pictures`);
});

test('every page can be read from files, without a server', async () => {
    const found = [];
    const context = await browser.newContext();
    const { page, visit, heard } = await tab(context);
    for (const name of pages) {
        await visit(pathToFileURL(join(folder, name)).href);
        assert.ok(await page.locator('main h1').isVisible());
        const indented = await page.evaluate(() =>
            [...document.querySelectorAll('main code.language-rust')]
                .map((code) => code.textContent)
                .filter((text) => text.trim() && !/^\S/m.test(text)));
        for (const code of indented) found.push(`${name}: code that stands too far right: ${code.slice(0, 60)}`);
        for (const complaint of heard()) found.push(`${name}: ${complaint}`);
    }
    await context.close();
    assert.deepEqual(found, []);
});

test('every link on every page leads to a page and to a place on it', async () => {
    const places = new Map();
    const links = [];
    for (const name of pages) {
        const page = await read(name);
        places.set(name, new Set(await page.locator('[id]').evaluateAll((all) => all.map((one) => one.id))));
        for (const href of await page.locator('main a[href], nav a[href]').evaluateAll((all) =>
            all.map((one) => one.href))) {
            links.push([name, href]);
        }
    }
    assert.ok(links.length > pages.length);
    for (const [name, href] of links) {
        if (href.startsWith(elsewhere)) continue;
        assert.ok(href.startsWith(base), `${name}: ${href}`);
        const [file, anchor] = href.slice(base.length).split('#');
        const target = places.get(file === '' ? 'index.html' : file);
        assert.ok(target, `${name}: there is no page ${href}`);
        assert.ok(!anchor || target.has(decodeURIComponent(anchor)), `${name}: there is no place ${href}`);
    }
});

// What is typed, and where the first result must be.
const searches = [
    ['why two loops', 'why-two-loops.html'],
    ['20.25', 'telling.html'],
    ['20-25', 'telling.html'],
    ['listing-20-25', 'telling.html'],
    ['20.11', 'thread-per-connection.html'],
    ['20-26', 'telling.html'],
    ['2021-20-24', 'two-designs.html'],
    ['cannot move out of', 'waiting.html'],
    ['E0507', 'waiting.html'],
    ['E0382', 'workers.html'],
    ['FnBox', 'first-job.html'],
    ['was told to terminate', 'telling.html'],
    ['while let', 'who-holds-the-lock.html'],
    ['While Let', 'who-holds-the-lock.html'],
    ['glossary', 'glossary.html'],
    ['be the scheduler', 'be-the-scheduler.html'],
];
// And where one of the first five must be.
const near = [
    ['deadlock', 'why-two-loops.html'],
    ['poisoned', 'two-designs.html'],
    ['if let', 'who-holds-the-lock.html'],
    ["'static", 'interface.html'],
];
const pagesFound = (page) => page.locator('#mdbook-searchresults a').evaluateAll((all) =>
    [...new Set(all.map((one) => one.getAttribute('href').replace(/[?#].*/, '')))]);

for (const [place, address] of [['served', () => base], ['from files', () => pathToFileURL(folder).href]]) {
    test(`the search finds what readers look for, ${place}`, async () => {
        const context = await browser.newContext();
        const { page, complaints } = await open(context, `${address()}index.html`);
        const missed = [];
        for (const [words, wanted, most] of [...searches.map((one) => [...one, 0]), ...near.map((one) => [...one, 4])]) {
            await page.keyboard.press('Escape');
            await page.keyboard.press('/');
            await page.fill('#mdbook-searchbar', words);
            // mdBook searches when a key comes up.
            await page.keyboard.press('End');
            await page.waitForFunction((said) =>
                document.querySelector('#mdbook-searchresults-header').textContent.includes(`'${said}'`), words);
            const results = await pagesFound(page);
            const rank = results.indexOf(wanted);
            if (rank < 0 || rank > most) missed.push(`${words}: ${wanted} is ${rank}, in ${results}`);
        }
        assert.deepEqual(missed, []);
        assert.deepEqual(complaints, []);
        await context.close();
    });
}

test('an address that asks for a search finds the same in each load', async () => {
    for (let load = 0; load < 10; load += 1) {
        const context = await browser.newContext();
        const { page } = await open(context, `${base}index.html?search=while%20let`);
        await page.waitForSelector('#mdbook-searchresults a');
        assert.equal((await pagesFound(page))[0], 'who-holds-the-lock.html', `load ${load}`);
        await context.close();
    }
});

test('answers unfold and fold with the keyboard', async () => {
    const context = await browser.newContext();
    const { page } = await open(context, `${base}telling.html`);
    const answer = page.locator('main details:not(.file)').first();
    const isOpen = () => answer.evaluate((details) => details.open);
    assert.equal(await isOpen(), false);
    await answer.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.equal(await isOpen(), true);
    await page.keyboard.press('Space');
    assert.equal(await isOpen(), false);
    await context.close();
});

test('the first Tab leads past the table of contents', async () => {
    const context = await browser.newContext();
    const { page } = await open(context, `${base}why-two-loops.html`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the text');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest('main'))));
    await context.close();
});

test('a box that scrolls sideways can be reached and scrolled with the keyboard', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
    const { page } = await open(context, `${base}telling.html`, 390);
    const box = page.locator('main .change pre > code[tabindex="0"]').first();
    await box.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.activeElement.scrollLeft > 0);
    await context.close();
});

test('tables of numbers have a caption and a head for each row and column', async () => {
    let tables = 0;
    for (const name of pages) {
        const page = await read(name);
        for (const table of await page.locator('main table.counts, main table.steps').all()) {
            tables += 1;
            assert.ok((await table.locator('caption').textContent()).trim(), name);
            const columns = await table.locator('thead th[scope=col]').count();
            const rows = await table.locator('tbody tr').count();
            assert.ok(await table.locator('tbody th[scope=row]').count() >= rows, name);
            assert.equal(await table.locator('tbody th, tbody td').count(), rows * columns, name);
        }
        // No number without its separators, in no table of the book.
        for (const cell of await page.locator('main td, main tbody th').allTextContents()) {
            assert.ok(!/(^|[^\w.,:-])\d{4,}($|[^\w.])/.test(cell) || /\b20(1|2)\d\b|7878/.test(cell), `${name}: ${cell}`);
        }
    }
    assert.ok(tables >= 10, `${tables} tables`);
});

test('the changes of a listing are coloured without a script, and their signs can be read', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${base}who-holds-the-lock.html`, { waitUntil: 'load' });
    const change = page.locator('main figure.change').first();
    assert.match(await change.locator('ins').first().textContent(), /^\+ .*while let/);
    assert.match(await change.locator('del').first().textContent(), /^- .*loop/);
    const colour = (selector) => change.locator(selector).first().evaluate((one) => getComputedStyle(one).color);
    assert.notEqual(await colour('ins .hljs-keyword'), await colour('ins'));
    assert.ok(!(await change.textContent()).includes('diff --git'));
    await context.close();
});

test('the two designs stand side by side from 900 px on', async () => {
    const context = await browser.newContext();
    const { page, visit } = await tab(context);
    for (const [width, beside] of [[390, false], [900, true], [1920, true]]) {
        await visit(`${base}two-designs.html`, width);
        const [one, other] = await page.locator('main .designs > section').evaluateAll((all) =>
            all.map((section) => section.getBoundingClientRect().top));
        assert.equal(one === other, beside, `${width} px: ${one} and ${other}`);
    }
    await context.close();
});

test('a page for addresses that do not exist leads back into the book, from any depth', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const address of ['nothing.html', 'no/such/folder/page.html']) {
        const answer = await page.goto(base + address, { waitUntil: 'load' });
        assert.equal(answer.status(), 404);
        await page.waitForSelector('#ways:not([hidden])');
        await page.click('#ways a');
        assert.equal(page.url(), `${base}index.html`);
    }
    await context.close();
});

test('old addresses lead to the listing', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const name of every.filter(leadsOn)) {
        await page.goto(base + name, { waitUntil: 'commit' });
        await page.waitForURL(/#/, { waitUntil: 'domcontentloaded' });
        const id = new URL(page.url()).hash.slice(1);
        assert.ok(await page.locator(`[id="${id}"]`).count(), `${name}: ${page.url()}`);
    }
    await context.close();
});

test('each page has a title and a description of its own, for a search and for those who link to it', async () => {
    const seen = new Map();
    for (const name of pages) {
        const page = await read(name);
        const said = (selector) => page.locator(`head > ${selector}`).evaluateAll((all) =>
            // Where mdBook is called by hand, it adds an empty one.
            all.map((one) => one.content).filter((text) => text));
        const descriptions = await said('meta[name="description"]');
        assert.deepEqual(await said('meta[property="og:description"]'), descriptions, name);
        assert.equal(descriptions.length, 1, `${name}: ${descriptions.join(' | ')}`);
        assert.ok(descriptions[0].length > 40 && descriptions[0].length <= 200, `${name}: ${descriptions}`);
        const title = await page.title();
        const [linked] = await said('meta[property="og:title"]');
        assert.ok(title.startsWith(linked) || name === 'index.html', `${name}: ${title}, ${linked}`);
        assert.match(name === 'index.html' ? linked : title, /How a thread pool shuts down$/, name);
        // The first page is there twice, under the name of its chapter and under that of the folder.
        for (const words of name === 'index.html' ? [] : [title, descriptions[0]]) {
            assert.equal(seen.get(words), undefined, `${name}: ${words}`);
            seen.set(words, name);
        }
    }
});

test('the address of the repository comes from the environment', { skip: !mdbook && 'there is no mdbook' }, async () => {
    const to = mkdtempSync(join(tmpdir(), 'book-'));
    const url = 'https://example.org/pool';
    execFileSync('mdbook', ['build', '--dest-dir', to, fileURLToPath(new URL('..', import.meta.url))], {
        env: { ...process.env, MDBOOK_OUTPUT__HTML__GIT_REPOSITORY_URL: url },
        stdio: 'ignore',
    });
    const html = readFileSync(join(to, 'index.html'), 'utf8');
    rmSync(to, { recursive: true });
    assert.ok(html.includes(`<a href="${url}" title="Git repository"`));
});

test('the book has a light and a dark look to choose from', async () => {
    const context = await browser.newContext({ colorScheme: 'light' });
    const { page } = await open(context, `${base}index.html`);
    await page.click('#mdbook-theme-toggle');
    const names = await page.locator('#mdbook-theme-list button').allTextContents();
    assert.deepEqual(names.map((name) => name.trim()), ['Auto', 'Light', 'Dark']);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor
        + getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await page.click('#mdbook-theme-navy');
    assert.notEqual(await background(), light);
    await context.close();
});

test('paper is white, also for a reader of the dark look', async () => {
    const context = await browser.newContext({ colorScheme: 'dark' });
    const { page } = await open(context, `${base}why-two-loops.html`);
    const colours = () => page.evaluate(() => {
        const text = document.querySelector('main p');
        return [getComputedStyle(document.documentElement).getPropertyValue('--bg'), getComputedStyle(text).color];
    });
    const dark = await colours();
    await page.emulateMedia({ media: 'print' });
    const [background, letters] = await colours();
    assert.equal(background, '#ffffff');
    assert.notEqual(letters, dark[1]);
    await context.close();
});

test('the page to print holds every chapter, with answers or as a handout without them', async () => {
    const context = await browser.newContext();
    const pagesOf = {};
    for (const [address, handout] of [['print.html', false], ['print.html?handout', true]]) {
        const page = await context.newPage();
        const complaints = [];
        page.on('pageerror', (error) => complaints.push(String(error)));
        await page.goto(base + address, { waitUntil: 'load' });
        const text = await page.locator('main').textContent();
        for (const words of ['Why two loops', '20.11 – ', '2021: 20.25 – ']) assert.ok(text.includes(words), words);
        const link = page.locator('.ways-to-print a');
        assert.equal(await link.getAttribute('href'), handout ? 'print.html' : 'print.html?handout');
        await page.emulateMedia({ media: 'print' });
        await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
        const folded = await page.locator('main details:not([open]):not(.file)').count();
        assert.equal(folded > 20, handout, `${address}: ${folded} folded`);
        // What the explorer says of the ten repairs would answer them.
        assert.equal(await page.locator('main table.repairs').count(), handout ? 0 : 1);
        // The finished programs are printed whole, once each; no file is on a handout.
        const files = await page.locator('main details.file:visible').evaluateAll((all) =>
            all.map((file) => file.querySelector('summary').textContent.trim()));
        assert.equal(files.includes('listings/listing-20-25/src/lib.rs'), !handout);
        assert.ok(handout ? files.length === 0 : files.length < 8, files.join());
        assert.equal(new Set(files).size, files.length);
        assert.equal(await link.isVisible(), false);
        // On a page of paper, nothing is cut.
        await page.setViewportSize({ width: 700, height: 1000 });
        const wide = await page.locator('main pre > code, main table, main svg').evaluateAll((all) =>
            all.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && one.tagName === 'CODE'
                || one.getBoundingClientRect().right > document.querySelector('main').getBoundingClientRect().right + 1)
                .map((one) => one.textContent.slice(0, 60)));
        assert.deepEqual(wide, []);
        const pdf = await page.pdf({ format: 'A4' });
        pagesOf[address] = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
        assert.deepEqual(complaints, []);
        await page.close();
    }
    assert.ok(pagesOf['print.html?handout'] > 20 && pagesOf['print.html?handout'] < pagesOf['print.html'], JSON.stringify(pagesOf));
    await context.close();
});
