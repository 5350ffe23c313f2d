import { beforeAll, describe, expect, it } from 'vitest';
import { bench, deployment } from './bench.ts';
import { type Terminal, terminal } from './lab.ts';

describe('kubectl debug beside what runs', { timeout: 60_000 }, () => {
	let t: Terminal;
	let pod: string;
	beforeAll(async () => {
		t = await terminal();
		pod = (await t.run('kubectl get pods -o name')).trim().slice('pod/'.length);
	});

	it('names the container, pulls its image, and shows the network of the pod with its tools', async () => {
		const address = await t.run(`kubectl get pod ${pod} -o jsonpath={.status.podIP}`);
		const said = await t.run(
			`kubectl debug ${pod} -it --image=nicolaka/netshoot --target=echoserver -- ip -4 -br addr show eth0`,
		);
		expect(said).toMatch(
			/^Targeting container "echoserver"\. If you don't see processes from this container it may be because the container runtime doesn't support this feature\.\nDefaulting debug container name to debugger-[a-z0-9]{5}\.\nIf you don't see a command prompt, try pressing enter\.\n/,
		);
		expect(said).toContain(`${address}/32`);
		const [, name] = /name to (\S+)\.\n/.exec(said)!;
		expect(said).toContain(
			`Session ended, resume using 'kubectl attach ${pod} -c ${name} -i -t' command when the pod is running\n`,
		);
		expect(await t.run('kubectl get events')).toContain('Pulling image "nicolaka/netshoot"');
		await t.run('sleep 2');
		const described = await t.run(`kubectl describe pod ${pod}`);
		expect(described).toMatch(
			new RegExp(
				`Ephemeral Containers:\n  ${name}:\n    Container ID: +containerd://.*\n    Image: +nicolaka/netshoot\n`,
			),
		);
		expect(described).toMatch(/State: +Terminated\n {6}Reason: +Completed\n {6}Exit Code: +0\n/);
		expect(await t.run(`kubectl get pod ${pod} -o jsonpath='{.spec.ephemeralContainers[0].targetContainerName}'`)).toBe(
			'echoserver',
		);
	});

	it('leaves the pod ready and never starts the container again', async () => {
		await t.run('sleep 60');
		expect(await t.run(`kubectl get pod ${pod}`)).toMatch(/1\/1 +Running +0 /);
		expect(
			await t.run(`kubectl get pod ${pod} -o jsonpath='{.status.ephemeralContainerStatuses[0].restartCount}'`),
		).toBe('0');
		const name = await t.run(`kubectl get pod ${pod} -o jsonpath='{.spec.ephemeralContainers[0].name}'`);
		expect(await t.run(`kubectl attach ${pod} -c ${name} -it </dev/null`)).toContain(
			`error: unable to upgrade connection: container ${name} not found in pod ${pod}_default\n`,
		);
		expect(await t.run(`kubectl exec ${pod} -c ${name} -- ls`)).toBe(
			`error: unable to upgrade connection: container not found ("${name}")\n`,
		);
	});

	it('keeps a container that goes on running, for exec by its name', async () => {
		await t.run(`kubectl debug ${pod} --image=nicolaka/netshoot -c side -q -- sleep infinity; sleep 15`);
		expect(await t.run(`kubectl exec ${pod} -c side -- ss -tln`)).toMatch(/LISTEN .*:8080 /);
		expect(await t.run(`kubectl exec ${pod} -- hostname`)).toContain(', side (ephem)\n');
	});

	it('tells of an image that cannot be pulled while it waits', async () => {
		expect(await t.run(`timeout 20 kubectl debug ${pod} -it -c lost --image=nope.example/none:1 </dev/null`)).toMatch(
			/^Warning: container lost: rpc error: code = .*nope\.example\/none:1/,
		);
	});
});

describe('what the API server makes of ephemeral containers', () => {
	const pod = {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name: 'web', labels: { app: 'web' } },
		spec: { containers: [{ name: 'nginx', image: 'nginx:1.23' }] },
	};

	it('refuses a target that is not in the pod, and a name that is taken', async () => {
		const b = bench();
		b.api.create(pod);
		expect((await b.run('kubectl debug web --image=busybox -c d -q --target=nope')).err).toBe(
			'The Pod "web" is invalid: spec.ephemeralContainers[0].targetContainerName: Not found: "nope"\n',
		);
		expect((await b.run('kubectl debug web --image=busybox -c nginx -q')).err).toBe(
			'The Pod "web" is invalid: spec.ephemeralContainers[0].name: Duplicate value: "nginx"\n',
		);
	});

	it('lets nobody take one away or change it', async () => {
		const b = bench();
		b.api.create(pod);
		await b.run('kubectl debug web --image=busybox -c d -q');
		const pods = b.api.find('pods')!;
		const change = (image: string) =>
			b.api.patch(
				pods,
				'default',
				'web',
				'application/strategic-merge-patch+json',
				{ spec: { ephemeralContainers: [{ name: 'd', image }] } },
				{ subresource: 'ephemeralcontainers' },
			);
		expect(change('alpine').error?.message).toContain('existing ephemeral containers "d" may not be changed');
		expect(
			b.api.patch(
				pods,
				'default',
				'web',
				'application/json-patch+json',
				[{ op: 'remove', path: '/spec/ephemeralContainers' }],
				{ subresource: 'ephemeralcontainers' },
			).error?.message,
		).toContain('existing ephemeral containers "d" may not be removed');
		expect(b.get('pods', 'web')?.spec).toMatchObject({
			ephemeralContainers: [{ name: 'd', image: 'busybox', imagePullPolicy: 'Always', resources: {} }],
		});
	});

	it('creates no pod with one, and changes nothing else through the subresource', () => {
		const { api } = bench();
		const born = { ...pod, spec: { ...pod.spec, ephemeralContainers: [{ name: 'd', image: 'busybox' }] } };
		expect(api.create(born).error?.message).toContain('spec.ephemeralContainers: Forbidden: cannot be set on create');
		api.create(pod);
		const patched = api.patch(
			api.find('pods')!,
			'default',
			'web',
			'application/merge-patch+json',
			{ metadata: { labels: { app: 'other' } }, spec: { ephemeralContainers: [{ name: 'd', image: 'busybox' }] } },
			{ subresource: 'ephemeralcontainers' },
		);
		expect(patched.value?.metadata.labels).toEqual({ app: 'web' });
		expect(patched.value?.spec?.ephemeralContainers).toHaveLength(1);
	});

	it('has none in workloads', async () => {
		const b = bench();
		b.api.create(deployment('web'));
		expect((await b.run('kubectl debug deploy/web --image=busybox')).err).toBe(
			'error: "apps/v1, Kind=Deployment" not supported by debug\n',
		);
	});

	it('checks the command line before it does anything', async () => {
		const b = bench();
		b.api.create(pod);
		for (const [line, said] of [
			['debug web', 'you must specify --image when not using --copy-to.'],
			['debug --image=busybox', 'NAME is required for debug'],
			['debug web --image=busybox -t', '-i/--stdin is required for containers with -t/--tty=true'],
			['debug web --image=busybox --image-pull-policy=Maybe', 'invalid image pull policy: Maybe'],
			[
				'debug web --image=busybox --copy-to=x --target=nginx',
				'--target is incompatible with --copy-to. Use --share-processes instead.',
			],
		])
			expect((await b.run(`kubectl ${line}`)).err).toBe(`error: ${said}\n`);
	});
});

describe('profiles of containers for debugging', () => {
	const pod = {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name: 'web', labels: { app: 'web' }, annotations: { a: 'b' } },
		spec: {
			initContainers: [{ name: 'init', image: 'busybox' }],
			containers: [{ name: 'nginx', image: 'nginx:1.23', livenessProbe: { tcpSocket: { port: 80 } } }],
		},
	};
	const newer = () => {
		const b = bench('v1.33.0', false, 'v0.29.0');
		b.api.create(pod);
		return b;
	};
	type Spec = { readonly spec: Record<string, never> };

	it('came with 1.25', async () => {
		const b = bench();
		b.api.create(pod);
		expect((await b.run('kubectl debug web --image=busybox --profile=netadmin')).err).toBe(
			"error: unknown profile 'netadmin'\n",
		);
	});

	it('give a container what it needs, and the node its namespaces', async () => {
		const b = newer();
		expect((await b.run('kubectl debug web --image=busybox -c d --profile=netadmin')).err).toBe('');
		expect(b.get('pods', 'web')!.spec).toMatchObject({
			ephemeralContainers: [{ securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } } }],
		});
		await b.run('kubectl debug node/worker --image=busybox --profile=netadmin');
		const [made] = b.api.list(b.api.find('pods')!).filter(({ metadata }) => metadata.name.startsWith('node-debugger'));
		expect(made!.spec).toMatchObject({ hostNetwork: true, hostPID: true, nodeName: 'worker' });
		expect((made as never as Spec).spec.containers?.[0]).not.toHaveProperty('volumeMounts.0.mountPath', '/host');
		expect((await b.run('kubectl debug web --image=busybox --profile=root')).err).toBe(
			'error: unknown profile: root\n',
		);
	});

	it('leave out of a copy what would make it another of its kind', async () => {
		const b = newer();
		const { err } = await b.run('kubectl debug web --image=busybox -c d --copy-to=old');
		expect(err).toMatch(/^--profile=legacy is deprecated and will be removed in the future\. /);
		expect(b.get('pods', 'old')!.metadata).toMatchObject({ annotations: { a: 'b' } });
		await b.run('kubectl debug web --image=busybox -c d --copy-to=copy --profile=general');
		const copy = b.get('pods', 'copy') as never as { readonly spec: Record<string, never>; readonly metadata: object };
		expect(copy.metadata).not.toHaveProperty('labels');
		expect(copy.metadata).not.toHaveProperty('annotations');
		expect(copy.spec.shareProcessNamespace).toBe(true);
		expect(copy.spec.initContainers).toHaveLength(1);
		expect(copy.spec.containers).toMatchObject([
			{ name: 'nginx' },
			{ name: 'd', securityContext: { capabilities: { add: ['SYS_PTRACE'] } } },
		]);
		expect(copy.spec.containers![0]).not.toHaveProperty('livenessProbe');
		await b.run('kubectl debug web -it --copy-to=shell -c nginx --image=busybox --attach=false -- sh');
		expect((b.get('pods', 'shell') as never as Spec).spec.containers![0]).toMatchObject({
			command: ['sh'],
			image: 'busybox',
			stdin: true,
			tty: true,
		});
	});
});
