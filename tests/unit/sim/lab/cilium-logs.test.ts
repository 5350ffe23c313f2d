import { describe, expect, it } from 'vitest';
import { clusterOf, get, installCilium, list, newLab, pass } from './helpers.ts';

const MINUTE = 60_000_000;
const config = {
	apiVersion: 'kind.x-k8s.io/v1alpha4',
	kind: 'Cluster',
	nodes: [{ role: 'control-plane' }, { role: 'worker' }],
	networking: { disableDefaultCNI: true },
};

function started(version: string, logOpt?: string) {
	const lab = newLab();
	const cluster = clusterOf(lab, config);
	installCilium(cluster, {}, version);
	const map = get(cluster, 'configmaps', 'kube-system', 'cilium-config') as never as { data: Record<string, string> };
	if (logOpt !== undefined) cluster.api.update({ ...(map as object), data: { ...map.data, 'log-opt': logOpt } });
	pass(lab, 3 * MINUTE);
	const pods = list(cluster, 'pods', 'kube-system');
	const read = (label: string, container: string): readonly (readonly string[])[] =>
		pods
			.filter(({ metadata }) => metadata.labels?.['k8s-app'] === label || metadata.labels?.name === label)
			.map((pod) => cluster.logs('kube-system', pod.metadata.name, container).map((l) => l.text));
	const operators = read('cilium-operator', 'cilium-operator');
	return {
		agent: read('cilium', 'cilium-agent')[0]!,
		operator: operators.find((log) => log.some((line) => line.includes('Leading')))!,
	};
}

describe('Logs of Cilium', () => {
	it('are logrus without a time up to 1.14.9', () => {
		const { agent, operator } = started('1.12.1');
		expect(agent).toContain('level=info msg="Cilium 1.12.1" subsys=daemon');
		expect(agent).toContain('level=info msg="Connected to apiserver" subsys=k8s');
		expect(agent.find((l) => l.includes('Establishing'))).toBe(
			'level=info msg="Establishing connection to apiserver" host="https://10.96.0.1:443" subsys=k8s',
		);
		expect(operator).toContain(
			'level=info msg="Creating CRD (CustomResourceDefinition)..." name=CiliumNode/v2 subsys=k8s',
		);
		expect(operator).toContain('level=info msg="Leading the operator HA deployment" subsys=cilium-operator-generic');
	});

	it('have a time in quotes from 1.16 on', () => {
		const { agent, operator } = started('1.16.6');
		expect(agent.every((l) => /^time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" level=(info|warning) msg="/.test(l))).toBe(true);
		expect(agent.find((l) => l.includes('Connected'))).toMatch(/msg="Connected to apiserver" subsys=k8s-client$/);
		expect(operator.find((l) => l.includes('Creating CRD'))).toMatch(/ name=cilium\w+\.cilium\.io subsys=k8s$/);
	});

	it('are slog from 1.18 on, which names modules and keeps the order of fields', () => {
		const { agent, operator } = started('1.18.3');
		expect(agent.every((l) => /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z level=(info|warn) msg=/.test(l))).toBe(
			true,
		);
		expect(agent.find((l) => l.includes('Establishing'))).toMatch(
			/ level=info msg="Establishing connection to apiserver" module=agent\.infra\.k8s-client ipAddr=https:\/\/10\.96\.0\.1:443$/,
		);
		expect(agent.find((l) => l.includes('Endpoints restored'))).toMatch(
			/ module=agent\.controlplane\.daemon restored=0 failed=0$/,
		);
		expect(agent.find((l) => l.includes('Cilium 1.18.3'))).toMatch(/ level=info msg="Cilium 1\.18\.3"$/);
		expect(operator[0]).toMatch(/ msg="Cilium Operator" subsys=cilium-operator-generic version=1\.18\.3$/);
	});

	it('are as log-opt in cilium-config says', () => {
		const { agent } = started('1.16.6', '{"format":"json"}');
		expect(agent.map((l) => JSON.parse(l))).toContainEqual({
			level: 'info',
			msg: 'Connected to apiserver',
			subsys: 'k8s-client',
		});
		expect(started('1.18.3', '{"format":"text"}').agent[0]).toBe('level=info msg="     _ _ _"');
	});
});
