/** APIServices of a server that is not there: what the API server and kubectl say. */
import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

const service = (name: string, more = '') => `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: ${name}}
spec: {group: metrics.k8s.io, version: v1beta1, groupPriorityMinimum: 100, versionPriority: 100${more}}
`;
const BEHIND = ', insecureSkipTLSVerify: true, service: {name: metrics-server, namespace: kube-system}';
const NAME = 'v1beta1.metrics.k8s.io';
const UNABLE = 'the server is currently unable to handle the request';

const registered = async () => {
	const at = await terminal();
	await at.file('as.yaml', service(NAME, BEHIND));
	expect(await at.run('kubectl apply -f as.yaml')).toBe(`apiservice.apiregistration.k8s.io/${NAME} created\n`);
	const available = async (): Promise<string> => {
		const path = '{range .status.conditions[*]}{.status} {.reason}: {.message}{end}';
		return at.run(`kubectl get apiservice ${NAME} -o jsonpath='${path}'`);
	};
	return { at, available };
};

it('the condition says what its service lacks, as it comes and goes', async () => {
	const { at, available } = await registered();
	expect(await at.run(`kubectl get apiservice ${NAME} --no-headers`)).toMatch(
		/^v1beta1\.metrics\.k8s\.io +kube-system\/metrics-server +False \(ServiceNotFound\) +0s\n$/,
	);
	expect(await available()).toBe('False ServiceNotFound: service/metrics-server in "kube-system" is not present');
	await at.run('kubectl -n kube-system create service clusterip metrics-server --tcp=80');
	expect(await available()).toBe(
		'False ServicePortError: service/metrics-server in "kube-system" is not listening on port 443',
	);
	await at.run('kubectl -n kube-system delete svc metrics-server');
	await at.run('kubectl -n kube-system create service clusterip metrics-server --tcp=443');
	expect(await available()).toBe(
		'False MissingEndpoints: endpoints for service/metrics-server in "kube-system" have no addresses with port name "443"',
	);
	await at.run('kubectl -n kube-system run metrics-server --image=nginx -l app=metrics-server; sleep 30');
	const ip = await at.run("kubectl -n kube-system get svc metrics-server -o jsonpath='{.spec.clusterIP}'");
	const url = `https://${ip}:443/apis/metrics.k8s.io/v1beta1`;
	expect(await available()).toBe(
		`False FailedDiscoveryCheck: failing or missing response from ${url}: Get "${url}": dial tcp ${ip}:443: connect: connection refused`,
	);
});

it('its group is listed and cannot be asked', async () => {
	const { at } = await registered();
	expect(await at.run('kubectl api-versions')).toContain('\nmetrics.k8s.io/v1beta1\n');
	expect(await at.run('kubectl get --raw /apis/metrics.k8s.io')).toContain('"groupVersion":"metrics.k8s.io/v1beta1"');
	expect(await at.run('kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes')).toBe(
		`Error from server (ServiceUnavailable): ${UNABLE}\n`,
	);
	expect(await at.run('kubectl top nodes')).toBe(
		`Error from server (ServiceUnavailable): ${UNABLE} (get nodes.metrics.k8s.io)\n`,
	);
	const resources = await at.run('kubectl api-resources');
	expect(resources).toMatch(/^NAME .*\nbindings /);
	expect(resources.trimEnd().split('\n').at(-1)).toBe(
		`error: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: ${UNABLE}`,
	);
	expect(at.code()).toBe(1);
	await at.run(`kubectl delete apiservice ${NAME}`);
	expect(await at.run('kubectl top nodes')).toBe('error: Metrics API not available\n');
});

it('a namespace does not end while a group cannot be discovered', async () => {
	const { at } = await registered();
	await at.run('kubectl create namespace going; kubectl delete namespace going --wait=false; sleep 20');
	const path = '{.status.phase}{range .status.conditions[?(@.status=="True")]} {.type} {.reason}: {.message}{end}';
	expect(await at.run(`kubectl get namespace going -o jsonpath='${path}'`)).toBe(
		`Terminating NamespaceDeletionDiscoveryFailure DiscoveryFailed: Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: ${UNABLE}`,
	);
	await at.run(`kubectl delete apiservice ${NAME}; sleep 20`);
	expect(await at.run('kubectl get namespace going')).toBe(
		'Error from server (NotFound): namespaces "going" not found\n',
	);
});

it('one that contradicts itself is refused', async () => {
	const at = await terminal();
	await at.file('as.yaml', service('metrics', ', insecureSkipTLSVerify: true'));
	expect(await at.run('kubectl apply -f as.yaml')).toBe(
		`The APIService "metrics" is invalid: \n* metadata.name: Invalid value: "metrics": must be \`spec.version+"."+spec.group\`: "${NAME}"\n* spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify\n`,
	);
});
