/** Pod Security: what a namespace's labels refuse and warn of. Words: pod-security-admission policy/check_*.go @ v0.24.0. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, loadForPeople } from '../../../../src/sim/api/index.ts';
import { bench, must, pod } from './fixtures.ts';

beforeAll(loadForPeople);

const ALL =
	'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';

const label = (api: ApiServer, labels: Record<string, string>) => {
	const namespace = api.get(api.find('namespaces')!, undefined, 'default')!;
	const named = Object.fromEntries(Object.entries(labels).map(([k, v]) => [`pod-security.kubernetes.io/${k}`, v]));
	return api.update({ ...namespace, metadata: { ...namespace.metadata, labels: named } } as never);
};

const container = (more: object = {}) => ({ name: 'c', image: 'nginx', ...more });

describe('a namespace that enforces', () => {
	it('restricted refuses a plain pod with all it lacks, and takes one that has it', () => {
		const { api } = bench();
		must(label(api, { enforce: 'restricted' }));
		expect(api.create(pod('a', { containers: [container()] })).error).toMatchObject({
			code: 403,
			message: `pods "a" is forbidden: violates PodSecurity "restricted:latest": ${ALL}`,
		});
		must(
			api.create(
				pod('b', {
					securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
					containers: [
						container({ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }),
					],
				}),
			),
		);
	});

	it('baseline takes a plain pod, and refuses what reaches the node', () => {
		const { api } = bench();
		must(label(api, { enforce: 'baseline' }));
		must(api.create(pod('a', { containers: [container()] })));
		const wide = {
			hostNetwork: true,
			hostPID: true,
			volumes: [{ name: 'v', hostPath: { path: '/' } }],
			containers: [container({ securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN', 'CHOWN'] } } })],
		};
		expect(api.create(pod('b', wide)).error?.message).toBe(
			'pods "b" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities (container "c" must not include "SYS_ADMIN" in securityContext.capabilities.add), host namespaces (hostNetwork=true, hostPID=true), hostPath volumes (volume "v"), privileged (container "c" must not set securityContext.privileged=true)',
		);
	});

	it('warns of the pods it has when it begins, and of what makes pods when it only warns', () => {
		const { api } = bench();
		must(api.create(pod('a', { containers: [container()] })));
		must(api.create(pod('b', { containers: [container()] })));
		expect(label(api, { enforce: 'restricted', warn: 'restricted' }).warnings).toEqual([
			'existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:latest"',
			'a (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
		]);
		const made = api.create({
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: { name: 'd' },
			spec: {
				selector: { matchLabels: { a: 'b' } },
				template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container()] } },
			},
		});
		expect(made.warnings).toEqual([`would violate PodSecurity "restricted:latest": ${ALL}`]);
		expect(made.error).toBeUndefined();
	});

	it('is not asked for a level or a version there is none of', () => {
		const { api } = bench();
		expect(label(api, { enforce: 'foo', 'warn-version': '1.24' }).error).toMatchObject({
			code: 422,
			message:
				'Namespace "default" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "foo": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.24": must be "latest" or "v1.x"]',
		});
	});
});
