/** Time zones: of the system's tables where it has them, or as TZ writes them out (tzset(3)). */

export interface Zone {
	/** Minutes east of UTC at a time in seconds since 1970. */
	offset(at: number): number;
	/** Its short name at that time. */
	name(at: number): string;
}

export const UTC: Zone = { offset: () => 0, name: () => 'UTC' };

/** Short names that JavaScript has only as an offset, standard time and summer time. */
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
	'Asia/Seoul': ['KST', 'KDT'],
	'Asia/Tokyo': ['JST', 'JDT'],
	'Asia/Shanghai': ['CST', 'CDT'],
	'Asia/Hong_Kong': ['HKT', 'HKST'],
	'Asia/Taipei': ['CST', 'CDT'],
	'Asia/Kolkata': ['IST', 'IST'],
	'Europe/London': ['GMT', 'BST'],
	'Europe/Dublin': ['GMT', 'IST'],
	'Europe/Lisbon': ['WET', 'WEST'],
	'Europe/Moscow': ['MSK', 'MSD'],
};
const EASTERN = /^Europe\/(?:Athens|Bucharest|Helsinki|Kiev|Kyiv|Riga|Sofia|Tallinn|Vilnius)$/;

function named(timeZone: string): Zone | undefined {
	let clock: Intl.DateTimeFormat;
	let short: Intl.DateTimeFormat;
	try {
		const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
		clock = new Intl.DateTimeFormat('en-US', { ...fields, second: 'numeric', hourCycle: 'h23', timeZone });
		short = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' });
	} catch {
		return undefined;
	}
	const offset = (at: number): number => {
		const part = new Map(clock.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]));
		const of = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
		const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
		return Math.round((local / 1000 - Math.floor(at)) / 60);
	};
	const name = (at: number): string => {
		const text = short.formatToParts(at * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
		if (!/^(?:GMT|UTC).+/.test(text)) return text;
		const year = new Date(at * 1000).getUTCFullYear();
		const summer = offset(at) > Math.min(offset(Date.UTC(year, 0, 1) / 1000), offset(Date.UTC(year, 6, 1) / 1000));
		const pair =
			NAMES[timeZone] ??
			(EASTERN.test(timeZone) ? ['EET', 'EEST'] : timeZone.startsWith('Europe/') ? ['CET', 'CEST'] : undefined);
		const minutes = Math.abs(offset(at));
		const digits = `${String(Math.floor(minutes / 60)).padStart(2, '0')}${minutes % 60 ? String(minutes % 60).padStart(2, '0') : ''}`;
		return pair?.[summer ? 1 : 0] ?? `${offset(at) < 0 ? '-' : '+'}${digits}`;
	};
	return { offset, name };
}

/** @param tables whether the system has the files of zones (tzdata) */
export function zoneOf(tz: string | undefined, tables: boolean): Zone {
	const word = (tz ?? '').replace(/^:/, '');
	if (word === '' || word === 'UTC' || word === 'GMT' || word === 'UTC0')
		return word === 'GMT' ? { ...UTC, name: () => 'GMT' } : UTC;
	const written = /^([A-Za-z]{3,}|<[^>]+>)([+-]?\d{1,2})(?::(\d\d))?(.*)$/.exec(word);
	if (written) {
		// What summer time TZ gives rules for, the tables' zone of its name has too.
		const summer =
			written[4] !== '' && tables
				? named({ CET: 'Europe/Paris', EST: 'America/New_York', PST: 'America/Los_Angeles' }[written[1]!] ?? '')
				: undefined;
		if (summer) return summer;
		const hours = Number(written[2]);
		const minutes = -(hours * 60 + (hours < 0 ? -1 : 1) * Number(written[3] ?? 0));
		return { offset: () => minutes, name: () => written[1]!.replace(/[<>]/g, '') };
	}
	const known = tables && word.includes('/') ? named(word) : undefined;
	if (known) return known;
	// A zone that nothing is known of is UTC under the letters it begins with (glibc time/tzset.c).
	const letters = /^[A-Za-z]{3,}/.exec(word)?.[0];
	return letters ? { ...UTC, name: () => letters } : UTC;
}
