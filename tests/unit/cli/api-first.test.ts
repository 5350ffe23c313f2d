/** The API over HTTP, before anybody used kubectl. */
import { expect, it } from 'vitest';
import { surroundings, tools } from '../../../src/cli/all.ts';
import { furnish } from '../../../src/cli/index.ts';
import { Session } from '../../../src/cli/shell/index.ts';
import { readable } from '../../../src/cli/shell/routes.ts';
import { type Lab, labPreset } from '../../../src/sim/lab/index.ts';

it('a Job that curl posts is looked after by its controller', async () => {
	const lab = labPreset('kind-basic') as unknown as Lab;
	let written = '';
	const session = new Session({
		lab,
		tools,
		surroundings,
		write: (octets) => {
			written += readable(octets);
		},
	});
	await furnish(session);
	const job = {
		apiVersion: 'batch/v1',
		kind: 'Job',
		metadata: { name: 'once' },
		spec: {
			template: {
				spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.36', command: ['echo', 'done'] }] },
			},
		},
	};
	const { api } = lab.cluster('basic')!;
	// Whoever asks without a certificate may do everything.
	api.create({
		apiVersion: 'rbac.authorization.k8s.io/v1',
		kind: 'ClusterRoleBinding',
		metadata: { name: 'open' },
		roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
		subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:anonymous' }],
	});
	await session.submit(
		`docker exec basic-control-plane curl -sk -H 'Content-Type: application/json' -d '${JSON.stringify(job)}' https://localhost:6443/apis/batch/v1/namespaces/default/jobs`,
	);
	expect(written).toContain('"kind": "Job"');
	await session.submit('sleep 20');
	const made = api.get(api.find('jobs')!, 'default', 'once') as { status?: { succeeded?: number } } | undefined;
	expect(made?.status?.succeeded).toBe(1);
});
