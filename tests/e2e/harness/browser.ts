import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { type BrowserName, findBrowser } from '../../../tools/browsers/find.ts';

/** One tab, with the few things both drivers can do. Selectors are CSS. */
export interface Tab {
	goto(url: string): Promise<void>;
	url(): string;
	/** Run a function in the page. It sees nothing but its argument. */
	run<A, R>(body: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
	/** Wait until a function in the page gives a truthy value; rejects after ten seconds. */
	until<A>(body: (argument: A) => unknown, argument: A): Promise<void>;
	click(selector: string): Promise<void>;
	press(key: string): Promise<void>;
	type(text: string): Promise<void>;
	resize(width: number, height: number): Promise<void>;
	/** What went wrong since the last call: console errors, exceptions, policy violations, requests that leave `root`. */
	problems(): string[];
	close(): Promise<void>;
}

export interface Browser {
	name: BrowserName;
	/** A new tab whose requests must stay below `root`. */
	tab(root: string): Promise<Tab>;
	close(): Promise<void>;
}

/**
 * Runs before the page's own scripts: makes violations of the page's policy visible to both drivers, and errors
 * readable. A page that is being left may complain that its pending scripts did not come: nobody reads that.
 */
function reportViolations(): void {
	document.addEventListener('securitypolicyviolation', (event) => {
		console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
	});
	const report = console.error.bind(console);
	let left = false;
	addEventListener('beforeunload', () => {
		left = true;
	});
	console.error = (...values: unknown[]) => {
		if (!left) report(...values.map((value) => (value instanceof Error ? String(value.stack ?? value) : value)));
	};
}

/** What both drivers' events come to. */
function collector(root: string) {
	let found: string[] = [];
	return {
		console: (type: string, text: string): void => {
			if (type === 'error') found.push(`console: ${text}`);
		},
		error: (error: unknown): void => {
			found.push(`exception: ${error instanceof Error ? error.message : String(error)}`);
		},
		request: (url: string): void => {
			if (!url.startsWith(root) && !/^(data|blob|about):/.test(url)) found.push(`request: ${url}`);
		},
		failed: (url: string, why: string): void => {
			// A page that is left takes its pending requests with it.
			if (!/abort|NS_BINDING/i.test(why)) found.push(`failed: ${url} ${why}`);
		},
		problems: (): string[] => {
			const now = found;
			found = [];
			return now;
		},
	};
}

function executable(name: BrowserName): string {
	const found = findBrowser(name);
	if (!found) throw new Error(`no ${name} found: run \`npm run browsers\``);
	return found.path;
}

const isRoot = process.getuid?.() === 0;

async function launchChromium(): Promise<Browser> {
	const browser = await chromium.launch({
		executablePath: executable('chromium'),
		// Chromium's own sandbox does not start as root, which is what containers run as.
		args: isRoot ? ['--no-sandbox'] : [],
	});
	return {
		name: 'chromium',
		close: () => browser.close(),
		async tab(root) {
			const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
			const page = await context.newPage();
			const events = collector(root);
			page.setDefaultTimeout(10_000);
			page.on('console', (message) => events.console(message.type(), message.text()));
			page.on('pageerror', events.error);
			page.on('request', (request) => events.request(request.url()));
			page.on('requestfailed', (request) => events.failed(request.url(), request.failure()?.errorText ?? ''));
			await page.addInitScript(reportViolations);
			return {
				goto: async (url) => void (await page.goto(url, { waitUntil: 'load', timeout: 30_000 })),
				url: () => page.url(),
				run: (body, argument) => page.evaluate(body as never, argument as never),
				until: async (body, argument) => void (await page.waitForFunction(body as never, argument as never)),
				click: (selector) => page.click(selector),
				press: (key) => page.keyboard.press(key),
				type: (text) => page.keyboard.type(text),
				resize: (width, height) => page.setViewportSize({ width, height }),
				problems: events.problems,
				close: () => context.close(),
			};
		},
	};
}

async function launchFirefox(): Promise<Browser> {
	const browser = await puppeteer.launch({
		browser: 'firefox',
		executablePath: executable('firefox'),
		// The driver relaxes this and would hide that each file has a storage of its own.
		extraPrefsFirefox: { 'security.fileuri.strict_origin_policy': true },
	});
	return {
		name: 'firefox',
		close: () => browser.close(),
		async tab(root) {
			const context = await browser.createBrowserContext();
			const page = await context.newPage();
			const events = collector(root);
			page.setDefaultTimeout(10_000);
			await page.setViewport({ width: 1280, height: 800 });
			page.on('console', (message) => events.console(message.type(), message.text()));
			page.on('pageerror', events.error);
			page.on('request', (request) => events.request(request.url()));
			page.on('requestfailed', (request) => events.failed(request.url(), request.failure()?.errorText ?? ''));
			await page.evaluateOnNewDocument(reportViolations);
			return {
				goto: async (url) => void (await page.goto(url, { waitUntil: 'load', timeout: 30_000 })),
				url: () => page.url(),
				run: (body, argument) => page.evaluate(body as never, argument as never) as never,
				until: async (body, argument) =>
					void (await page.waitForFunction(body as never, { polling: 50 }, argument as never)),
				// Not page.click, which aims at where a thing was: a figure above it may still be growing.
				click: (selector) => page.locator(selector).click(),
				press: (key) => page.keyboard.press(key as never),
				type: (text) => page.keyboard.type(text),
				resize: (width, height) => page.setViewport({ width, height }),
				problems: events.problems,
				close: () => context.close(),
			};
		},
	};
}

/** Start a browser; rejects with what to do when there is none. */
export const launch = (name: BrowserName): Promise<Browser> =>
	name === 'chromium' ? launchChromium() : launchFirefox();
