/**
 * Time zones that servers here know: UTC by its names, `Etc/GMT±N`, and places whose rule is simple.
 *
 * Source: the IANA time zone database 2024a (rules EU and US, and zones without summer time since 2016).
 */

/** Places by their offset in hours and the rule of their summer time. */
const PLACES: Readonly<Record<string, string>> = {
	'0': 'UTC GMT UCT Zulu Universal Greenwich Etc/UTC Etc/GMT Etc/UCT Etc/Zulu Etc/Universal Etc/Greenwich Africa/Abidjan Africa/Accra Africa/Dakar Atlantic/Reykjavik',
	'0e': 'Europe/London Europe/Dublin Europe/Lisbon',
	'1': 'Africa/Algiers Africa/Lagos Africa/Tunis',
	'1e': 'Europe/Paris Europe/Amsterdam Europe/Berlin Europe/Brussels Europe/Copenhagen Europe/Luxembourg Europe/Madrid Europe/Oslo Europe/Prague Europe/Rome Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich CET',
	'2e': 'Europe/Athens Europe/Bucharest Europe/Helsinki Europe/Kiev Europe/Kyiv EET',
	'2': 'Africa/Johannesburg',
	'3': 'Africa/Nairobi Europe/Istanbul Europe/Moscow',
	'4': 'Asia/Dubai',
	'5.5': 'Asia/Kolkata Asia/Calcutta',
	'7': 'Asia/Bangkok Asia/Ho_Chi_Minh Asia/Jakarta',
	'8': 'Asia/Shanghai Asia/Hong_Kong Asia/Macau Asia/Manila Asia/Singapore Asia/Taipei Australia/Perth PRC',
	'9': 'Asia/Seoul Asia/Tokyo Japan ROK',
	'10': 'Australia/Brisbane',
	'-3': 'America/Sao_Paulo America/Argentina/Buenos_Aires',
	'-5': 'America/Bogota America/Lima',
	'-5u': 'America/New_York America/Toronto America/Montreal US/Eastern EST5EDT',
	'-6u': 'America/Chicago America/Winnipeg US/Central CST6CDT',
	'-7u': 'America/Denver America/Edmonton US/Mountain MST7MDT',
	'-7': 'America/Phoenix',
	'-8u': 'America/Los_Angeles America/Vancouver US/Pacific PST8PDT',
	'-10': 'Pacific/Honolulu',
};

/** `1e` of Europe/Paris; undefined for a zone that is not known. */
function ruleOf(zone: string): string | undefined {
	const [, sign, hours] = /^Etc\/GMT([+-])(\d{1,2})$/.exec(zone) ?? [];
	// Their sign is POSIX's: west of Greenwich is positive.
	if (hours !== undefined && Number(hours) <= (sign === '-' ? 14 : 12))
		return String(Number(hours) * (sign === '-' ? 1 : -1));
	return Object.keys(PLACES).find((rule) => PLACES[rule]!.split(' ').includes(zone));
}

export const isTimeZone = (zone: string): boolean => ruleOf(zone) !== undefined;

/** Month, day and weekday (Sunday is 0) of a day since 1970 (civil_from_days). */
export function civilDay(days: number): { readonly month: number; readonly day: number; readonly weekday: number } {
	const z = days + 719_468;
	const era = Math.floor(z / 146_097);
	const doe = z - era * 146_097;
	const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
	const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
	const mp = Math.floor((5 * doy + 2) / 153);
	return {
		month: mp < 10 ? mp + 3 : mp - 9,
		day: doy - Math.floor((153 * mp + 2) / 5) + 1,
		weekday: (((days + 4) % 7) + 7) % 7,
	};
}

/**
 * Whether it is summer. EU: from the last Sunday of March, 1:00 UTC, to that of October. US: from the second Sunday of
 * March, 2:00, to the first of November, 1:00 of winter's time; `seconds` are winter's then.
 */
function isSummer(rule: 'e' | 'u', seconds: number): boolean {
	const { month, day, weekday } = civilDay(Math.floor(seconds / 86_400));
	const second = seconds - Math.floor(seconds / 86_400) * 86_400;
	const [first, firstSunday, from, last, lastSunday, to] =
		rule === 'e' ? [3, 25, 3600, 10, 25, 3600] : [3, 8, 7200, 11, 1, 3600];
	/** Whether the Sunday of the change has come: the first on or after a day of the month. */
	const past = (sunday: number, at: number): boolean =>
		weekday === 0 && day >= sunday && day < sunday + 7 ? second >= at : day - weekday >= sunday;
	if (month === first) return past(firstSunday, from);
	if (month === last) return !past(lastSunday, to);
	return month > first && month < last;
}

/** Seconds that a zone's clocks are ahead of UTC at a time (seconds since 1970); 0 for a zone that is not known. */
export function zoneOffset(zone: string, at: number): number {
	const rule = ruleOf(zone) ?? '0';
	const winter = Number(rule.replace(/[eu]$/, '')) * 3600;
	if (rule.endsWith('e')) return isSummer('e', at) ? winter + 3600 : winter;
	return rule.endsWith('u') && isSummer('u', at + winter) ? winter + 3600 : winter;
}
