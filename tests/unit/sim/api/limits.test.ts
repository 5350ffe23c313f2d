/** Quotas and limits of a namespace. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiInput, type ApiServer, loadForPeople } from '../../../../src/sim/api/index.ts';
import { bench, must, pod, service } from './fixtures.ts';

beforeAll(loadForPeople);

const quota = (hard: Record<string, string>, more: object = {}): ApiInput => ({
	apiVersion: 'v1',
	kind: 'ResourceQuota',
	metadata: { name: 'q' },
	spec: { hard, ...more },
});

const range = (...limits: object[]): ApiInput => ({
	apiVersion: 'v1',
	kind: 'LimitRange',
	metadata: { name: 'r' },
	spec: { limits },
});

const sized = (name: string, resources: object): ApiInput =>
	pod(name, { containers: [{ name: 'c', image: 'nginx', resources }] });

const used = (api: ApiServer): unknown => api.get(api.find('quota')!, 'default', 'q')!.status;

describe('a ResourceQuota', () => {
	it('says amounts of octets in powers of 1000 or of 1024, as they were written', () => {
		const { api } = bench();
		must(api.create(quota({ 'requests.memory': '500m' })));
		const said = (memory: string): string | undefined =>
			/requested: requests\.memory=(\S+),/.exec(
				api.create(sized(`p${memory.toLowerCase()}`, { requests: { memory } })).error?.message ?? '',
			)?.[1];
		for (const amount of ['1G', '2G', '128M', '200Mi', '1000Mi', '1Gi']) expect(said(amount)).toBe(amount);
	});

	it('refuses what goes beyond it, and no more once something went', () => {
		const { api } = bench();
		must(api.create(quota({ pods: '2' })));
		must(api.create(pod('a')));
		must(api.create(pod('b')));
		const { error } = api.create(pod('x'));
		expect(error).toMatchObject({ code: 403, reason: 'Forbidden' });
		expect(error?.message).toBe(
			'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
		);
		must(api.delete(api.find('pods')!, 'default', 'a', { gracePeriodSeconds: 0 }));
		must(api.create(pod('x')));
	});

	it('counts what was there before it, what requests sum up to, and no pod that has ended', () => {
		const { api } = bench();
		must(api.create(sized('a', { requests: { cpu: '250m', memory: '64Mi' } })));
		must(api.create(sized('b', { requests: { cpu: '1', memory: '64Mi' } })));
		must(api.create(quota({ 'requests.cpu': '2', 'requests.memory': '1Gi', pods: '5', 'count/services': '1' })));
		const hard = { 'requests.cpu': '2', 'requests.memory': '1Gi', pods: '5', 'count/services': '1' };
		expect(used(api)).toEqual({
			hard,
			used: { 'requests.cpu': '1250m', 'requests.memory': '128Mi', pods: '2', 'count/services': '0' },
		});
		const b = api.get(api.find('pods')!, 'default', 'b')!;
		must(api.updateStatus({ ...b, status: { ...b.status, phase: 'Succeeded' } }));
		must(api.create(service('s')));
		expect(used(api)).toEqual({
			hard,
			used: { 'requests.cpu': '250m', 'requests.memory': '64Mi', pods: '1', 'count/services': '1' },
		});
		expect(api.create(service('t')).error?.message).toContain('requested: count/services=1, used: count/services=1');
	});

	it.each([
		['v1.24.0', 'must specify limits.memory,requests.cpu'],
		['v1.28.0', 'must specify limits.memory for: c; requests.cpu for: c'],
	])('wants to be told what it limits: %s', (version, said) => {
		const { api } = bench(version);
		must(api.create(quota({ 'requests.cpu': '1', 'limits.memory': '1Gi' })));
		expect(api.create(pod('x')).error?.message).toBe(`pods "x" is forbidden: failed quota: q: ${said}`);
	});

	it('with a scope covers the pods of that scope only', () => {
		const { api } = bench();
		must(api.create(quota({ pods: '0' }, { scopes: ['BestEffort'] })));
		must(api.create(sized('a', { requests: { cpu: '1' } })));
		expect(api.create(pod('x')).error?.message).toContain('exceeded quota: q');
	});

	it('of another namespace does not count', () => {
		const { api } = bench();
		must(api.create(quota({ pods: '0' })));
		must(api.create({ ...pod('a'), metadata: { name: 'a', namespace: 'kube-public' } }));
	});
});

describe('a LimitRange', () => {
	it('fills its defaults into pods, and says so', () => {
		const { api } = bench();
		must(
			api.create(
				range({ type: 'Container', default: { memory: '256Mi' }, defaultRequest: { cpu: '300m' }, max: { cpu: '1' } }),
			),
		);
		const made = must(api.create(pod('x')));
		expect(made.spec?.containers).toMatchObject([
			{ resources: { limits: { cpu: '1', memory: '256Mi' }, requests: { cpu: '300m', memory: '256Mi' } } },
		]);
		expect(made.status?.qosClass).toBe('Burstable');
		expect(made.metadata.annotations).toEqual({
			'kubernetes.io/limit-ranger':
				'LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c',
		});
	});

	it.each([
		[{ limits: { cpu: '2' } }, 'maximum cpu usage per Container is 1, but limit is 2'],
		[{ requests: { cpu: '50m' } }, 'minimum cpu usage per Container is 100m, but request is 50m'],
		[
			{ requests: { cpu: '50m' }, limits: { cpu: '2' } },
			'[minimum cpu usage per Container is 100m, but request is 50m, maximum cpu usage per Container is 1, but limit is 2]',
		],
	])('refuses %j', (resources, said) => {
		const { api } = bench();
		must(api.create(range({ type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' } })));
		expect(api.create(sized('x', resources)).error?.message).toBe(`pods "x" is forbidden: ${said}`);
	});

	it('refuses a pod whose containers are too much together, or that does not say', () => {
		const { api } = bench();
		must(api.create(range({ type: 'Pod', max: { memory: '1Gi' } })));
		const two = (memory: string): ApiInput =>
			pod('x', { containers: ['a', 'b'].map((name) => ({ name, image: 'nginx', resources: { limits: { memory } } })) });
		expect(api.create(two('600Mi')).error?.message).toContain(
			'maximum memory usage per Pod is 1Gi, but limit is 1200Mi',
		);
		expect(api.create(pod('x')).error?.message).toContain(
			'maximum memory usage per Pod is 1Gi.  No limit is specified',
		);
		must(api.create(two('512Mi')));
	});
});

describe('amounts', () => {
	const quotaOf = (hard: Record<string, string>) => {
		const made = bench();
		must(
			made.api.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec: { hard } } as never),
		);
		const add = (name: string, memory: string) =>
			made.api.create(pod(name, { containers: [{ name: 'c', image: 'nginx', resources: { requests: { memory } } }] }));
		const used = () =>
			(made.api.get(made.resource('quota'), 'default', 'q')!.status as { used: Record<string, string> }).used.memory;
		return { add, used };
	};

	it('are written in powers of 1000 or of 1024 as they were given', () => {
		const { add, used } = quotaOf({ memory: '1024' });
		expect(used()).toBe('0');
		must(add('a', '1000'));
		expect(used()).toBe('1k');
		expect(add('b', '1Ki').error?.message).toContain(
			'exceeded quota: q, requested: memory=1Ki, used: memory=1k, limited: memory=1024',
		);
	});

	it('are summed up in the way of the first', () => {
		const { add, used } = quotaOf({ memory: '1Gi' });
		must(add('a', '1Ki'));
		must(add('b', '1024'));
		expect(used()).toBe('2Ki');
	});
});
