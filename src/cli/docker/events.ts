/** docker events: what happened to Docker's objects since somebody used docker here first (moby daemon/events.go @ v20.10). */
import type { Lab } from '../../sim/lab/index.ts';
import type { Command } from '../cobra/index.ts';
import { nanoTime } from '../linux/index.ts';
import { bookOf, type Event } from './event-book.ts';
import { formatRows } from './format.ts';
import { FILTER, FORMAT } from './words.ts';

const lineOf = (lab: Lab, { at, type, action, id, attributes }: Event): string => {
	const words = Object.keys(attributes)
		.sort()
		.map((key) => `${key}=${attributes[key]}`);
	return `${nanoTime(lab, at)} ${type} ${action} ${id}${words.length > 0 ? ` (${words.join(', ')})` : ''}\n`;
};

/** Virtual microseconds of `10m`, `1661940000` and RFC 3339; undefined of what is no time. */
export function momentOf(lab: Lab, text: string): number | undefined {
	const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m(?!s)|s|ms)/g)];
	if (parts.length > 0 && parts.map(([whole]) => whole).join('') === text) {
		const unit: Readonly<Record<string, number>> = { h: 3600e6, m: 60e6, s: 1e6, ms: 1e3 };
		return lab.now - parts.reduce((sum, [, n, u]) => sum + Number(n) * unit[u!]!, 0);
	}
	if (/^\d+(?:\.\d+)?$/.test(text)) return Math.floor((Number(text) - lab.epoch) * 1e6);
	const at = /^\d{4}-\d\d-\d\d/.test(text)
		? Date.parse(/Z|[+-]\d\d:?\d\d$/.test(text) || !text.includes('T') ? text : `${text}Z`)
		: Number.NaN;
	return Number.isNaN(at) ? undefined : (at - lab.epoch * 1000) * 1000;
}

export const events: Command = {
	name: 'events',
	use: '[OPTIONS]',
	short: 'Get real time events from the server',
	flags: [
		FILTER,
		FORMAT,
		{ name: 'since', type: 'string', usage: 'Show all events created since timestamp' },
		{ name: 'until', type: 'string', usage: 'Stream events until this timestamp' },
	],
	run: async ({ call, flags }) => {
		const { lab } = call;
		const book = bookOf(lab);
		const filters = flags.list('filter').map((text) => text.split(/=(.*)/s, 2) as [string, string | undefined]);
		const fits = (event: Event): boolean =>
			[...new Set(filters.map(([key]) => key))].every((key) =>
				filters
					.filter(([own]) => own === key)
					.some(([, value = '']) => {
						if (key === 'type') return event.type === value;
						if (key === 'event') return event.action.split(':')[0] === value;
						if (key === 'image') return event.attributes.image === value || event.attributes.name === value;
						if (key === 'container')
							return event.type === 'container' && (event.id.startsWith(value) || event.attributes.name === value);
						if (key === 'label') return event.attributes[value.split('=')[0]!] !== undefined;
						return true;
					}),
			);
		const since = flags.given('since') ? momentOf(lab, flags.text('since')) : lab.now;
		const until = flags.given('until') ? momentOf(lab, flags.text('until')) : undefined;
		if (since === undefined || (flags.given('until') && until === undefined))
			return `Error response from daemon: failed to parse value as time or duration: "${flags.text(since === undefined ? 'since' : 'until')}"`;
		const format = flags.text('format');
		const show = (event: Event): void => {
			if (event.at < since || (until !== undefined && event.at > until) || !fits(event)) return;
			if (format === '') {
				call.out(lineOf(lab, event));
				return;
			}
			const result = formatRows(format, [
				{
					Type: event.type,
					Action: event.action,
					Status: event.action,
					ID: event.id,
					Actor: { ID: event.id, Attributes: event.attributes } as unknown as string,
					Time: String(lab.epoch + Math.floor(event.at / 1e6)),
				},
			]);
			if ('text' in result) call.out(result.text);
		};
		let shown = flags.given('since') ? 0 : book.length;
		for (;;) {
			for (; shown < book.length; shown++) show(book[shown]!);
			if (until !== undefined && until <= lab.now) return 0;
			await call.until(() => book.length > shown, until === undefined ? Number.MAX_SAFE_INTEGER : until - lab.now);
		}
	},
};
