// The built book as a browser shows it: every page, light and dark, on a phone, a small screen and
// a projector; from files and under a sub-path; its search; and its folding by keyboard.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../book/', import.meta.url));
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const pages = readdirSync(folder)
    .filter((name) => name.endsWith('.html'))
    // toc.html is a part of a page for browsers without scripts, print.html has a test of its own.
    .filter((name) => !['toc.html', 'print.html'].includes(name))
    .sort();
const widths = [390, 1024, 1920];

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
        if (!path.startsWith(prefix) || inside.startsWith('..') || !existsSync(file)) {
            response.writeHead(404).end();
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

// A page that takes down what a reader would complain of.
async function open(context, address, width = 1280) {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 900 });
    const complaints = [];
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
    page.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
    });
    const root = address.startsWith('file:') ? 'file:' : base;
    page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(root) && !url.startsWith('data:')) complaints.push(`elsewhere: ${url}`);
    });
    await page.goto(address, { waitUntil: 'load' });
    return { page, complaints };
}

test('the book has its pages', () => {
    assert.ok(pages.includes('index.html') && pages.includes('listing-20-25.html'));
    assert.ok(pages.length > 30, `only ${pages.length}`);
});

for (const colorScheme of ['light', 'dark']) {
    test(`every page, ${colorScheme}: nothing to complain of at any width`, async () => {
        const found = [];
        const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
        for (const name of pages) {
            const { page, complaints } = await open(context, base + name, widths[0]);
            await page.addScriptTag({ path: axe });
            for (const width of widths) {
                await page.setViewportSize({ width, height: 900 });
                // Only a page that is opened on a wide screen opens its table of contents.
                if (width === 1920) await page.reload();
                const about = `${name}, ${width} px`;
                const measured = await page.evaluate(async (unfold) => {
                    if (unfold) {
                        for (const details of document.querySelectorAll('main details')) {
                            details.open = true;
                        }
                    }
                    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
                    const root = document.documentElement;
                    const main = document.querySelector('main');
                    const limit = main.getBoundingClientRect().right + 1;
                    const sticksOut = [...main.querySelectorAll('*')].filter(
                        (element) =>
                            element.getBoundingClientRect().right > limit &&
                            element.getBoundingClientRect().width > 0 &&
                            !element.closest('pre > code, .scrolls, .table-wrapper, .buttons'),
                    );
                    return {
                        scrolls: Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth,
                        content: document.querySelector('#mdbook-content').scrollWidth
                            - document.querySelector('#mdbook-content').clientWidth,
                        sticksOut: sticksOut.map((element) => element.outerHTML.slice(0, 80)),
                        wide: [...main.querySelectorAll('pre > code')]
                            .filter((code) => code.scrollWidth > code.clientWidth + 1)
                            .map((code) => code.textContent.slice(0, 60)),
                    };
                }, width === 1024);
                if (measured.scrolls > 0) found.push(`${about}: scrolls sideways by ${measured.scrolls}`);
                if (measured.content > 0) found.push(`${about}: the content scrolls sideways`);
                for (const html of measured.sticksOut) found.push(`${about}: sticks out: ${html}`);
                if (width >= 1024) {
                    for (const code of measured.wide) found.push(`${about}: code too wide: ${code}`);
                }
                // What axe checks depends on the colours, on what is unfolded and on the narrow
                // layout: so with everything unfolded in both colours, and once narrow.
                if (width === 1024 || (width === 390 && colorScheme === 'light')) {
                    const { violations } = await page.evaluate(() =>
                        axe.run(document, { resultTypes: ['violations'] }));
                    for (const { id, nodes } of violations) {
                        const where = nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`);
                        found.push(`${about}: axe: ${id}: ${where.join('; ')}`);
                    }
                }
            }
            for (const complaint of complaints) found.push(`${name}: ${complaint}`);
            await page.close();
        }
        await context.close();
        assert.deepEqual([...new Set(found)], []);
    });
}

test('every page can be read from files, without a server', async () => {
    const found = [];
    const context = await browser.newContext();
    for (const name of pages) {
        const { page, complaints } = await open(context, pathToFileURL(join(folder, name)).href);
        assert.ok(await page.locator('main h1').isVisible());
        const indented = await page.evaluate(() =>
            [...document.querySelectorAll('main code.language-rust')]
                .map((code) => code.textContent)
                .filter((text) => text.trim() && !/^\S/m.test(text)));
        for (const code of indented) found.push(`${name}: code that stands too far right: ${code.slice(0, 60)}`);
        for (const complaint of complaints) found.push(`${name}: ${complaint}`);
        await page.close();
    }
    await context.close();
    assert.deepEqual(found, []);
});

test('every link on every page leads to a page and to a place on it', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const places = new Map();
    const links = [];
    for (const name of pages) {
        const page = await context.newPage();
        await page.goto(base + name, { waitUntil: 'domcontentloaded' });
        places.set(name, new Set(await page.locator('[id]').evaluateAll((all) => all.map((one) => one.id))));
        for (const href of await page.locator('main a[href], nav a[href]').evaluateAll((all) =>
            all.map((one) => one.href))) {
            links.push([name, href]);
        }
        await page.close();
    }
    await context.close();
    assert.ok(links.length > pages.length);
    for (const [name, href] of links) {
        assert.ok(href.startsWith(base), `${name}: ${href}`);
        const [file, anchor] = href.slice(base.length).split('#');
        const target = places.get(file === '' ? 'index.html' : file);
        assert.ok(target, `${name}: there is no page ${href}`);
        assert.ok(!anchor || target.has(decodeURIComponent(anchor)), `${name}: there is no place ${href}`);
    }
});

const searches = [
    ['20.25', 'listing-20-25.html'],
    ['20-25', 'listing-20-25.html'],
    ['20.11', 'listing-20-11.html'],
    ['20-26', 'listing-20-26.html'],
    ['2021-20-24', 'listing-2021-20-24.html'],
    ['cannot move out of', 'listing-20-23.html'],
    ['E0382', 'listing-20-17.html'],
    ['deadlock', 'why-two-loops.html'],
    ['was told to terminate', 'listing-20-26.html'],
    ['poisoned', 'listing-2021-20-23.html'],
    ['while let', 'listing-20-22.html'],
    ['While Let', 'listing-20-22.html'],
    ['while', 'listing-20-22.html'],
    ['if let', 'listing-20-23-b-take.html'],
    ["'static", 'listing-20-12-c-execute.html'],
    ['has one owner', 'listing-20-17.html'],
];
for (const [place, address] of [['served', () => base], ['from files', () => pathToFileURL(folder).href]]) {
    test(`the search finds what readers look for, ${place}`, async () => {
        const context = await browser.newContext();
        const { page, complaints } = await open(context, `${address()}index.html`);
        const missed = [];
        for (const [words, wanted] of searches) {
            await page.keyboard.press('Escape');
            await page.keyboard.press('/');
            await page.fill('#mdbook-searchbar', words);
            // mdBook searches when a key comes up.
            await page.keyboard.press('End');
            await page.waitForFunction((said) =>
                document.querySelector('#mdbook-searchresults-header').textContent.includes(`'${said}'`), words);
            const results = await page.locator('#mdbook-searchresults a').evaluateAll((all) =>
                all.map((one) => one.getAttribute('href').replace(/[?#].*/, '')));
            const rank = [...new Set(results)].indexOf(wanted);
            if (rank < 0 || rank > 4) missed.push(`${words}: ${wanted} is ${rank}, in ${results}`);
        }
        assert.deepEqual(missed, []);
        assert.deepEqual(complaints, []);
        await context.close();
    });
}

test('answers unfold and fold with the keyboard', async () => {
    const context = await browser.newContext();
    const { page } = await open(context, `${base}listing-20-25.html`);
    const answer = page.locator('main details').first();
    const isOpen = () => answer.evaluate((details) => details.open);
    assert.equal(await isOpen(), false);
    await page.locator('#predict-before-you-run a').focus();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SUMMARY');
    await page.keyboard.press('Enter');
    assert.equal(await isOpen(), true);
    await page.keyboard.press('Space');
    assert.equal(await isOpen(), false);
    await context.close();
});

test('a box that scrolls sideways can be reached and scrolled with the keyboard', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
    const { page } = await open(context, `${base}why-two-loops.html`, 390);
    const picture = page.locator('main .scrolls').first();
    assert.equal(await picture.getAttribute('tabindex'), '0');
    await picture.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('main .scrolls').scrollLeft > 0);
    await context.close();
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

test('the page to print holds every chapter, and shows the answers', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${base}print.html`, { waitUntil: 'load' });
    const text = await page.locator('main').textContent();
    assert.ok(text.includes('Why two loops') && text.includes('20.11 – ') && text.includes('2021: 20.25 – '));
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('main details:not([open]):not(.file)').count(), 0);
    assert.equal(await page.locator('main details.file:visible').count(), 0);
    assert.equal(await page.locator('main h2:visible', { hasText: 'The whole files' }).count(), 0);
    const pdf = await page.pdf({ format: 'A4' });
    assert.ok(pdf.length > 100_000);
    assert.deepEqual(complaints, []);
    await context.close();
});
