import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../src/styles/tokens.css', import.meta.url), 'utf8');
const [light = '', dark = '', oklch = ''] = css.split(/@media|@supports/);

const hexes = (block: string) =>
	new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name!, hex!]));
const fallback = [hexes(light), hexes(dark)] as const;
const NUMBERS = '([\\d.]+) ([\\d.]+) ([\\d.]+)';
const tokens = new Map(
	[
		...oklch.matchAll(
			new RegExp(`--([a-z-]+): light-dark\\(\\s*oklch\\(${NUMBERS}\\),\\s*oklch\\(${NUMBERS}\\)\\s*\\)`, 'g'),
		),
	].map(([, name, ...numbers]) => [
		name!,
		[toRgb(numbers.slice(0, 3).map(Number)), toRgb(numbers.slice(3).map(Number))] as const,
	]),
);

/** OKLCH to sRGB, each channel 0–255 (CSS Color 4, section 17.3). */
function toRgb([lightness = 0, chroma = 0, hue = 0]: number[]): number[] {
	const a = chroma * Math.cos((hue * Math.PI) / 180);
	const b = chroma * Math.sin((hue * Math.PI) / 180);
	const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
	const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
	const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
	return [
		4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
		-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
		-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
	].map((linear) => {
		const c = Math.min(1, Math.max(0, linear));
		return Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
	});
}

/** Contrast ratio of two colours (WCAG 2.2). */
function contrast(one: readonly number[], other: readonly number[]): number {
	const luminance = (rgb: readonly number[]) => {
		const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
	};
	const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (bright! + 0.05) / (dim! + 0.05);
}

const MEANINGS = ['client', 'node', 'svc', 'pod', 'allowed', 'denied', 'translated', 'drop'];
const TEXT = ['ink', 'link', ...MEANINGS];

describe.each([
	['light', 0],
	['dark', 1],
] as const)('colours in the %s scheme', (_, scheme) => {
	const rgb = (name: string) => tokens.get(name)![scheme];

	it('the sRGB fallback is the same colour', () => {
		expect([...fallback[scheme].keys()].sort()).toEqual([...tokens.keys()].sort());
		for (const [name, hex] of fallback[scheme]) {
			const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
			for (const [index, channel] of channels.entries()) {
				expect(Math.abs(channel - rgb(name)[index]!), `${name} ${hex}`).toBeLessThanOrEqual(1);
			}
		}
	});

	it('text and each meaning are readable on every ground (AA)', () => {
		for (const name of TEXT) {
			for (const ground of ['paper', 'wash', 'press', 'mark']) {
				expect(contrast(rgb(name), rgb(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
			}
		}
		for (const ground of ['paper', 'wash', 'press']) {
			expect(contrast(rgb('soft'), rgb(ground)), `soft on ${ground}`).toBeGreaterThanOrEqual(4.5);
		}
	});

	it('an address is readable on its own wash', () => {
		for (const name of ['client', 'node', 'svc', 'pod']) {
			expect(contrast(rgb(name), rgb(`${name}-w`)), name).toBeGreaterThanOrEqual(4.5);
		}
	});

	it('lines and edges of controls can be seen (3:1)', () => {
		for (const name of ['edge', 'line', 'reply']) {
			expect(contrast(rgb(name), rgb('paper')), name).toBeGreaterThanOrEqual(3);
		}
	});
});
