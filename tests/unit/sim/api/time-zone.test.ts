/** Time zones of schedules, against those of the machine's own library. */
import { describe, expect, test } from 'vitest';
import { createApiServer, loadForPeople } from '../../../../src/sim/api/index.ts';
import { isTimeZone, zoneOffset } from '../../../../src/sim/api/time-zone.ts';
import { parseSchedule } from '../../../../src/sim/lab/controllers/cron-schedule.ts';

await loadForPeople();

const ZONES =
	'UTC Etc/GMT+5 Etc/GMT-9 Europe/London Europe/Paris Europe/Athens Europe/Istanbul Africa/Lagos Africa/Johannesburg Asia/Dubai Asia/Kolkata Asia/Bangkok Asia/Shanghai Asia/Seoul Australia/Brisbane America/Sao_Paulo America/Bogota America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles Pacific/Honolulu'.split(
		' ',
	);

const seconds = (time: string): number => Date.parse(time) / 1000;

/** What the host's database says. */
function hostOffset(zone: string, at: number): number {
	const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
		at * 1000,
	);
	return Date.parse(`${shown.replace(' ', 'T')}Z`) / 1000 - at;
}

describe('a time zone', () => {
	test.each(ZONES)('%s is as far from UTC as the host says, at every hour about a change', (zone) => {
		expect(isTimeZone(zone)).toBe(true);
		const begin = seconds('2022-01-01T00:30:00Z');
		for (let day = 0; day < 4 * 365; day++) {
			const noon = begin + day * 86_400 + 43_200;
			expect(zoneOffset(zone, noon), new Date(noon * 1000).toISOString()).toBe(hostOffset(zone, noon));
			if (hostOffset(zone, noon) !== hostOffset(zone, noon + 86_400))
				for (let at = noon; at < noon + 86_400; at += 1800) expect(zoneOffset(zone, at)).toBe(hostOffset(zone, at));
		}
	});

	test('makes a schedule one of its clocks', () => {
		const next = (text: string, zone: string, after: string): string =>
			new Date(parseSchedule(text, zone)!.next(seconds(after))! * 1000).toISOString();
		expect(next('0 9 * * *', 'Asia/Seoul', '2024-05-05T01:00:00Z')).toBe('2024-05-06T00:00:00.000Z');
		expect(next('0 9 * * *', 'Europe/Paris', '2024-03-30T10:00:00Z')).toBe('2024-03-31T07:00:00.000Z');
		// Half past two is not on this day.
		expect(next('30 2 * * *', 'Europe/Paris', '2024-03-30T10:00:00Z')).toBe('2024-04-01T00:30:00.000Z');
		expect(
			new Date(
				parseSchedule('CRON_TZ=America/New_York 0 0 * * 1')!.next(seconds('2024-07-03T00:00:00Z'))! * 1000,
			).toISOString(),
		).toBe('2024-07-08T04:00:00.000Z');
	});

	test('is dropped by servers before 1.25, and refused when it is not known', () => {
		const cron = (timeZone: string) => ({
			apiVersion: 'batch/v1',
			kind: 'CronJob',
			metadata: { name: 'c', namespace: 'default' },
			spec: {
				schedule: '0 9 * * *',
				timeZone,
				jobTemplate: {
					spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'c' }] } } },
				},
			},
		});
		const server = (version: string) => {
			const api = createApiServer({ version, now: () => 0, random: () => 0 } as never);
			api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
			return api;
		};
		expect(server('v1.24.0').create(cron('Asia/Seoul')).value?.spec).not.toHaveProperty('timeZone');
		expect(server('v1.29.2').create(cron('Asia/Seoul')).value?.spec).toHaveProperty('timeZone', 'Asia/Seoul');
		expect(server('v1.29.2').create(cron('Mars/Olympus')).error?.message).toContain(
			'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus',
		);
	});
});
