import { beforeEach, describe, expect, test } from 'vitest';
import { recordEvent } from '../../../../src/sim/api/index.ts';
import { type Desk, desk, must } from './desk.ts';
import { daemonSet, pod } from './objects.ts';

let d: Desk;

const two = {
	spec: {
		containers: [
			{ name: 'app', image: 'a' },
			{ name: 'side', image: 'b' },
		],
		initContainers: [{ name: 'config', image: 'c' }],
	},
};
const lines = (...texts: readonly string[]) => texts.map((text, i) => ({ at: i * 10_000_000, text }));

beforeEach(() => {
	d = desk();
	d.make(pod('web'));
	d.logs('web', 'c', lines('one', 'two', 'three', 'four'));
	d.at(60);
});

describe('logs', () => {
	test('are all lines, the last few, or those since a while', async () => {
		expect((await d.run('logs web')).out).toBe('one\ntwo\nthree\nfour\n');
		expect((await d.run('logs web --tail=2')).out).toBe('three\nfour\n');
		expect((await d.run('logs web --tail 0')).out).toBe('');
		expect((await d.run('logs web --since=45s')).out).toBe('three\nfour\n');
		expect((await d.run('logs web --since-time=2022-08-22T09:15:30Z')).out).toBe('four\n');
		expect((await d.run('logs web --limit-bytes=6')).out).toBe('one\ntw');
	});

	test('carry times and sources when asked to', async () => {
		expect((await d.run('logs web --tail=1 --timestamps --prefix')).out).toBe(
			'[pod/web/c] 2022-08-22T09:15:30.000000000Z four\n',
		);
	});

	test('are of the first container when there are several, and of the one asked for', async () => {
		d.make(pod('both', two));
		d.logs('both', 'app', lines('from app'));
		d.logs('both', 'side', lines('from side'));
		expect(await d.run('logs both')).toEqual({
			out: 'from app\n',
			err: 'Defaulted container "app" out of: app, side, config (init)\n',
			code: 0,
		});
		expect((await d.run('logs both -c side')).out).toBe('from side\n');
		expect((await d.run('logs both side')).out).toBe('from side\n');
		expect((await d.run('logs both -c nope')).err).toBe('error: container nope is not valid for pod both\n');
		expect((await d.run('logs both side -c side')).err).toBe(
			'error: only one of -c or an inline [CONTAINER] arg is allowed\n',
		);
		expect((await d.run('logs both --all-containers -c side')).err).toBe(
			'error: --all-containers=true should not be specified with container name side\n',
		);
	});

	test('of all containers begin with what initialised the pod', async () => {
		d.make(pod('both', two));
		d.logs('both', 'app', lines('from app'));
		d.logs('both', 'side', lines('from side'));
		expect(await d.run('logs both --all-containers')).toEqual({
			out: '',
			err: 'Error from server (BadRequest): container "config" in pod "both" is not available\n',
			code: 1,
		});
		expect((await d.run('logs both --all-containers --ignore-errors --prefix')).out).toBe(`\
error: container "config" in pod "both" is not available
[pod/both/app] from app
[pod/both/side] from side
`);
	});

	test('of a workload are those of one pod: the one that has been ready longest', async () => {
		const { metadata } = d.make(daemonSet('cilium', 2));
		expect(metadata.name).toBe('cilium');
		const labels = { 'k8s-app': 'cilium' };
		const late = pod('cilium-a', { namespace: 'kube-system', labels, container: { name: 'cilium-agent' } });
		const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2022-08-22T09:15:30Z' }];
		d.make({ ...late, status: { ...(late.status as object), conditions } });
		d.make(pod('cilium-b', { namespace: 'kube-system', labels, container: { name: 'cilium-agent' } }));
		d.logs('kube-system/cilium-b', 'cilium-agent', lines('level=info msg="Daemon initialization completed"'));
		expect(await d.run('logs -n kube-system ds/cilium --tail 20')).toEqual({
			out: 'level=info msg="Daemon initialization completed"\n',
			err: 'Found 2 pods, using pod/cilium-b\n',
			code: 0,
		});
	});

	test('of a workload without pods, and of what has none, are refused', async () => {
		d.make(daemonSet('cilium', 0));
		expect((await d.run('logs -n kube-system ds/cilium')).err).toBe('error: timed out waiting for the condition\n');
		d.make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
		expect((await d.run('logs cm/a')).err).toBe(
			'error: cannot get the logs from *v1.ConfigMap: selector for *v1.ConfigMap not implemented\n',
		);
		expect((await d.run('logs svc/nope')).err).toBe('Error from server (NotFound): services "nope" not found\n');
	});

	test('of a container that waits say what for', async () => {
		const waits = (name: string, reason: string) => d.make(pod(name, { state: { waiting: { reason } } }));
		waits('creating', 'ContainerCreating');
		waits('pulling', 'ImagePullBackOff');
		expect((await d.run('logs creating')).err).toBe(
			'Error from server (BadRequest): container "c" in pod "creating" is waiting to start: ContainerCreating\n',
		);
		expect((await d.run('logs pulling')).err).toBe(
			'Error from server (BadRequest): container "c" in pod "pulling" is waiting to start: trying and failing to pull image\n',
		);
	});

	test('of the run before are there only after a restart', async () => {
		expect((await d.run('logs web -p')).err).toBe(
			'Error from server (BadRequest): previous terminated container "c" in pod "web" not found\n',
		);
		const web = d.api.get(d.api.find('pods')!, 'default', 'web')!;
		const statuses = (web.status!.containerStatuses as readonly object[]).map((status) => ({
			...status,
			lastState: { terminated: { exitCode: 1, containerID: 'containerd://c0' } },
		}));
		must(d.api.updateStatus({ ...web, status: { ...web.status, containerStatuses: statuses } }));
		d.logs('web', 'c', lines('panic: it is broken'), true);
		expect((await d.run('logs web --previous')).out).toBe('panic: it is broken\n');
	});

	test('by label are the last ten lines of each pod', async () => {
		d.logs(
			'web',
			'c',
			lines(...Array.from({ length: 12 }, (_, i) => `line ${i}`)).map((line) => ({ ...line, at: 0 })),
		);
		expect((await d.run('logs -l app=web')).out.split('\n').slice(0, 2)).toEqual(['line 2', 'line 3']);
		expect((await d.run('logs -l app=web --tail=-1')).out.split('\n')[0]).toBe('line 0');
		expect(await d.run('logs -l app=none')).toEqual({
			out: '',
			err: 'No resources found in default namespace.\n',
			code: 0,
		});
	});

	test('followed go on as lines come, until Ctrl-C or the end of the container', async () => {
		d.logs('web', 'c', [
			{ at: 0, text: 'start' },
			{ at: 70e6, text: 'GET /' },
			{ at: 80e6, text: 'GET /a' },
		]);
		d.later(70, () => undefined);
		d.later(80, () => undefined);
		d.interruptAt(90);
		expect(await d.run('logs -f web')).toEqual({ out: 'start\nGET /\nGET /a\n', err: '', code: 130 });
		const other = desk();
		other.make(pod('web'));
		other.logs('web', 'c', [
			{ at: 0, text: 'start' },
			{ at: 5e6, text: 'end' },
		]);
		other.later(6, () => must(other.api.delete(other.api.find('pods')!, 'default', 'web', { gracePeriodSeconds: 0 })));
		expect(await other.run('logs -f web')).toEqual({ out: 'start\nend\n', err: '', code: 0 });
	});

	test('need a pod', async () => {
		expect((await d.run('logs')).err).toMatch(/^error: expected 'logs \[-f\]/);
		expect((await d.run('logs nope')).err).toBe('Error from server (NotFound): pods "nope" not found\n');
		expect((await d.run('logs web --tail=-2')).err).toBe('error: --tail must be greater than or equal to -1\n');
	});
});

describe('events', () => {
	beforeEach(() => {
		// kubectl has them at their place since 1.26.
		d = desk('v1.24.0', 'v0.18.0');
		d.make(pod('web'));
		d.at(60);
	});

	const happened = (object: string, type: 'Normal' | 'Warning', reason: string): void => {
		recordEvent(d.api, {
			object: d.api.get(d.api.find('pods')!, 'default', object)!,
			type,
			reason,
			message: `${reason} of ${object}`,
			component: 'kubelet',
		});
	};

	test('come in the order of time', async () => {
		d.make(pod('db'));
		happened('web', 'Normal', 'Scheduled');
		d.at(70);
		happened('db', 'Warning', 'BackOff');
		d.at(80);
		happened('web', 'Normal', 'Scheduled');
		d.at(90);
		expect((await d.run('events')).out).toBe(`\
LAST SEEN           TYPE      REASON      OBJECT    MESSAGE
20s                 Warning   BackOff     Pod/db    BackOff of db
10s (x2 over 30s)   Normal    Scheduled   Pod/web   Scheduled of web
`);
		expect((await d.run('events --types=Warning --no-headers')).out).toBe(
			'20s   Warning   BackOff   Pod/db   BackOff of db\n',
		);
		expect((await d.run('events --for pod/web --no-headers')).out).toBe(
			'10s (x2 over 30s)   Normal   Scheduled   Pod/web   Scheduled of web\n',
		);
		expect((await d.run('events --for web')).err).toBe('error: --for must be in resource/name form\n');
		expect((await d.run('events --types=Odd')).err).toBe('error: valid --types are Normal or Warning\n');
	});

	test('are watched', async () => {
		happened('web', 'Normal', 'Scheduled');
		d.later(65, () => happened('web', 'Warning', 'BackOff'));
		d.interruptAt(70);
		expect((await d.run('events -w')).out).toBe(`\
LAST SEEN   TYPE     REASON      OBJECT    MESSAGE
0s          Normal   Scheduled   Pod/web   Scheduled of web
0s          Warning   BackOff     Pod/web   BackOff of web
`);
	});

	test('that are not there are told on standard error', async () => {
		expect((await d.run('events')).err).toBe('No events found in default namespace.\n');
		expect((await d.run('events -A')).err).toBe('No events found.\n');
	});
});
