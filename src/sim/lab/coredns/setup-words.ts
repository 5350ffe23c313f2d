/** Words that plugins have in common: numbers, durations, zones, patterns. */
import { CorefileError, type Dispenser } from './caddyfile.ts';
import { type Fall, fqdn } from './config.ts';

export const fault = (message: string): CorefileError => new CorefileError(message);

/** strconv.Atoi() */
export function whole(text: string): number {
	if (!/^[+-]?\d+$/.test(text)) throw fault(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
	return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { ns: 1e-3, us: 1, µs: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

/** time.ParseDuration(), microseconds. */
export function duration(text: string): number {
	if (text === '0') return 0;
	const parts = [...text.replace(/^[+-]/, '').matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
	const read = parts.map(([part]) => part).join('');
	if (text === '' || read !== text.replace(/^[+-]/, ''))
		throw fault(
			/^[+-]?[\d.]+$/.test(text)
				? `time: missing unit in duration ${JSON.stringify(text)}`
				: `time: invalid duration ${JSON.stringify(text)}`,
		);
	const sum = parts.reduce((all, [, n, unit]) => all + Number(n) * UNITS[unit!]!, 0);
	return text.startsWith('-') ? -sum : sum;
}

export const once = (c: Dispenser, read: () => void): void => {
	for (let i = 0; c.next(); i++) {
		if (i > 0) throw fault('this plugin can only be used once per Server Block');
		read();
	}
};

/** Zones given, or those of the block. */
export const origins = (args: readonly string[], keys: readonly string[]): readonly string[] =>
	args.length > 0 ? args.map(fqdn) : keys;

export const fallOf = (args: readonly string[]): Fall => (args.length > 0 ? args.map(fqdn) : ['.']);

export const regex = (text: string): RegExp => {
	try {
		return new RegExp(text.replace(/^\(\?i\)/, '').replace(/\(\?P</g, '(?<'), text.startsWith('(?i)') ? 'i' : '');
	} catch {
		throw fault(`invalid regex matching pattern: ${text}`);
	}
};

/** Microseconds. */
export const SECOND = 1e6;
