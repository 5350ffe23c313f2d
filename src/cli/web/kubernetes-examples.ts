/**
 * Manifests that the pages of Kubernetes' documentation apply by their addresses. The same objects, made anew from their
 * names, images, ports and labels; comments and layout are not upstream's.
 *
 * Source of the facts: kubernetes/website content/en/examples/ (main, 2025).
 */

type Node = { readonly [key: string]: unknown };

const named = (name: string, labels?: Node): Node => ({ name, ...(labels ? { labels } : {}) });
const ports = (...list: readonly number[]): Node => ({ ports: list.map((containerPort) => ({ containerPort })) });
const container = (name: string, image: string, more: Node = {}): Node => ({ name, image, ...more });
const NGINX = container('nginx', 'nginx:1.14.2', ports(80));

const pod = (name: string, one: Node | readonly Node[], more: Node = {}, labels?: Node, namespace?: string): Node => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { ...named(name, labels), ...(namespace === undefined ? {} : { namespace }) },
	spec: { containers: Array.isArray(one) ? one : [one], ...more },
});

/** Deployment or ReplicaSet of one container; `own` are labels of the object itself. */
const workload = (kind: string, name: string, labels: Node, one: Node, more: Node = {}, own?: Node): Node => ({
	apiVersion: 'apps/v1',
	kind,
	metadata: named(name, own),
	spec: {
		...more,
		selector: { matchLabels: labels },
		template: { metadata: { labels }, spec: { containers: [one] } },
	},
});
const deployment = (name: string, labels: Node, one: Node, more: Node = {}, own?: Node): Node =>
	workload('Deployment', name, labels, one, more, own);

const service = (name: string, selector: Node, port: Node, more: Node = {}, labels?: Node): Node => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: named(name, labels),
	spec: { ...more, ports: [port], selector },
});

const policy = (name: string, spec: Node, namespace?: string): Node => ({
	apiVersion: 'networking.k8s.io/v1',
	kind: 'NetworkPolicy',
	metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
	spec,
});

const of = (apiVersion: string, kind: string, name: string, spec: Node, labels?: Node): Node => ({
	apiVersion,
	kind,
	metadata: named(name, labels),
	spec,
});

const nginxDeployment = (replicas: number, image = 'nginx:1.14.2', own?: Node): readonly Node[] => [
	deployment('nginx-deployment', { app: 'nginx' }, { ...NGINX, image }, { replicas }, own),
];
const shell = (text: string): Node => ({ command: ['/bin/sh', '-c', text] });
const mount = (name: string, mountPath: string): Node => ({ name, mountPath });
const EMPTY = (name: string): Node => ({ name, emptyDir: {} });
const limits = (name: string, namespace: string, one: string, requests: Node, most: Node): Node =>
	pod(name, container(one, 'nginx', { resources: { limits: most, requests } }), {}, undefined, namespace);
const quota = (name: string, hard: Node): Node => of('v1', 'ResourceQuota', name, { hard });

/** By path below `examples/`. */
const EXAMPLES: Readonly<Record<string, () => readonly Node[]>> = {
	'application/deployment.yaml': () => nginxDeployment(2),
	'application/deployment-update.yaml': () => nginxDeployment(2, 'nginx:1.16.1'),
	'application/deployment-scale.yaml': () => nginxDeployment(4, 'nginx:1.16.1'),
	'application/simple_deployment.yaml': () => [
		deployment('nginx-deployment', { app: 'nginx' }, NGINX, { minReadySeconds: 5 }),
	],
	'application/update_deployment.yaml': () => [
		deployment('nginx-deployment', { app: 'nginx' }, { ...NGINX, image: 'nginx:1.16.1' }),
	],
	'application/nginx-app.yaml': () => [
		service('my-nginx-svc', { app: 'nginx' }, { port: 80 }, { type: 'LoadBalancer' }, { app: 'nginx' }),
		deployment('my-nginx', { app: 'nginx' }, NGINX, { replicas: 3 }, { app: 'nginx' }),
	],
	'application/shell-demo.yaml': () => [
		pod('shell-demo', container('nginx', 'nginx', { volumeMounts: [mount('shared-data', '/usr/share/nginx/html')] }), {
			volumes: [EMPTY('shared-data')],
			hostNetwork: true,
			dnsPolicy: 'Default',
		}),
	],
	'application/job/cronjob.yaml': () => [
		of('batch/v1', 'CronJob', 'hello', {
			schedule: '* * * * *',
			jobTemplate: {
				spec: {
					template: {
						spec: {
							containers: [
								container('hello', 'busybox:1.28', {
									imagePullPolicy: 'IfNotPresent',
									...shell('date; echo Hello from the Kubernetes cluster'),
								}),
							],
							restartPolicy: 'OnFailure',
						},
					},
				},
			},
		}),
	],
	'controllers/nginx-deployment.yaml': () => nginxDeployment(3, 'nginx:1.14.2', { app: 'nginx' }),
	'controllers/job.yaml': () => [
		of('batch/v1', 'Job', 'pi', {
			template: {
				spec: {
					containers: [
						container('pi', 'perl:5.34.0', { command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'] }),
					],
					restartPolicy: 'Never',
				},
			},
			backoffLimit: 4,
		}),
	],
	'controllers/replication.yaml': () => [
		of('v1', 'ReplicationController', 'nginx', {
			replicas: 3,
			selector: { app: 'nginx' },
			template: {
				metadata: named('nginx', { app: 'nginx' }),
				spec: { containers: [container('nginx', 'nginx', ports(80))] },
			},
		}),
	],
	'pods/simple-pod.yaml': () => [pod('nginx', NGINX)],
	'pods/pod-nginx.yaml': () => [
		pod(
			'nginx',
			container('nginx', 'nginx', { imagePullPolicy: 'IfNotPresent' }),
			{ nodeSelector: { disktype: 'ssd' } },
			{
				env: 'test',
			},
		),
	],
	'pods/commands.yaml': () => [
		pod(
			'command-demo',
			container('command-demo-container', 'debian', { command: ['printenv'], args: ['HOSTNAME', 'KUBERNETES_PORT'] }),
			{ restartPolicy: 'OnFailure' },
			{ purpose: 'demonstrate-command' },
		),
	],
	'pods/init-containers.yaml': () => [
		pod(
			'init-demo',
			container('nginx', 'nginx', { ...ports(80), volumeMounts: [mount('workdir', '/usr/share/nginx/html')] }),
			{
				initContainers: [
					container('install', 'busybox:1.28', {
						command: ['wget', '-O', '/work-dir/index.html', 'http://info.cern.ch'],
						volumeMounts: [mount('workdir', '/work-dir')],
					}),
				],
				dnsPolicy: 'Default',
				volumes: [EMPTY('workdir')],
			},
		),
	],
	'pods/two-container-pod.yaml': () => [
		pod(
			'two-containers',
			[
				container('nginx-container', 'nginx', { volumeMounts: [mount('shared-data', '/usr/share/nginx/html')] }),
				container('debian-container', 'debian', {
					volumeMounts: [mount('shared-data', '/pod-data')],
					command: ['/bin/sh'],
					args: ['-c', 'echo Hello from the debian container > /pod-data/index.html'],
				}),
			],
			{ restartPolicy: 'Never', volumes: [EMPTY('shared-data')] },
		),
	],
	'pods/lifecycle-events.yaml': () => [
		pod(
			'lifecycle-demo',
			container('lifecycle-demo-container', 'nginx', {
				lifecycle: {
					postStart: { exec: shell('echo Hello from the postStart handler > /usr/share/message') },
					preStop: { exec: shell('nginx -s quit; while killall -0 nginx; do sleep 1; done') },
				},
			}),
		),
	],
	'pods/inject/envars.yaml': () => [
		pod(
			'envar-demo',
			container('envar-demo-container', 'gcr.io/google-samples/hello-app:2.0', {
				env: [
					{ name: 'DEMO_GREETING', value: 'Hello from the environment' },
					{ name: 'DEMO_FAREWELL', value: 'Such a sweet sorrow' },
				],
			}),
			{},
			{ purpose: 'demonstrate-envars' },
		),
	],
	'pods/probe/exec-liveness.yaml': () => [
		pod(
			'liveness-exec',
			container('liveness', 'registry.k8s.io/busybox:1.27.2', {
				args: ['/bin/sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'],
				livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 },
			}),
			{},
			{ test: 'liveness' },
		),
	],
	'pods/probe/http-liveness.yaml': () => [
		pod(
			'liveness-http',
			container('liveness', 'registry.k8s.io/e2e-test-images/agnhost:2.40', {
				args: ['liveness'],
				livenessProbe: {
					httpGet: { path: '/healthz', port: 8080, httpHeaders: [{ name: 'Custom-Header', value: 'Awesome' }] },
					initialDelaySeconds: 3,
					periodSeconds: 3,
				},
			}),
			{},
			{ test: 'liveness' },
		),
	],
	'pods/security/security-context.yaml': () => [
		pod(
			'security-context-demo',
			container('sec-ctx-demo', 'busybox:1.28', {
				command: ['sh', '-c', 'sleep 1h'],
				volumeMounts: [mount('sec-ctx-vol', '/data/demo')],
				securityContext: { allowPrivilegeEscalation: false },
			}),
			{
				securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000] },
				volumes: [EMPTY('sec-ctx-vol')],
			},
		),
	],
	'pods/storage/redis.yaml': () => [
		pod('redis', container('redis', 'redis', { volumeMounts: [mount('redis-storage', '/data/redis')] }), {
			volumes: [EMPTY('redis-storage')],
		}),
	],
	'pods/storage/pv-volume.yaml': () => [
		of(
			'v1',
			'PersistentVolume',
			'task-pv-volume',
			{
				storageClassName: 'manual',
				capacity: { storage: '10Gi' },
				accessModes: ['ReadWriteOnce'],
				hostPath: { path: '/mnt/data' },
			},
			{ type: 'local' },
		),
	],
	'pods/storage/pv-claim.yaml': () => [
		of('v1', 'PersistentVolumeClaim', 'task-pv-claim', {
			storageClassName: 'manual',
			accessModes: ['ReadWriteOnce'],
			resources: { requests: { storage: '3Gi' } },
		}),
	],
	'pods/storage/pv-pod.yaml': () => [
		pod(
			'task-pv-pod',
			container('task-pv-container', 'nginx', {
				ports: [{ containerPort: 80, name: 'http-server' }],
				volumeMounts: [mount('task-pv-storage', '/usr/share/nginx/html')],
			}),
			{ volumes: [{ name: 'task-pv-storage', persistentVolumeClaim: { claimName: 'task-pv-claim' } }] },
		),
	],
	'pods/qos/qos-pod.yaml': () => [
		limits(
			'qos-demo',
			'qos-example',
			'qos-demo-ctr',
			{ memory: '200Mi', cpu: '700m' },
			{ memory: '200Mi', cpu: '700m' },
		),
	],
	'debug/counter-pod.yaml': () => [
		pod(
			'counter',
			container('count', 'busybox:1.28', {
				args: ['/bin/sh', '-c', 'i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done'],
			}),
		),
	],
	'admin/dns/dnsutils.yaml': () => [
		pod(
			'dnsutils',
			container('dnsutils', 'registry.k8s.io/e2e-test-images/agnhost:2.39', { imagePullPolicy: 'IfNotPresent' }),
			{ restartPolicy: 'Always' },
			undefined,
			'default',
		),
	],
	'admin/resource/quota-mem-cpu.yaml': () => [
		quota('mem-cpu-demo', {
			'requests.cpu': '1',
			'requests.memory': '1Gi',
			'limits.cpu': '2',
			'limits.memory': '2Gi',
		}),
	],
	'admin/resource/quota-pod.yaml': () => [quota('pod-demo', { pods: '2' })],
	'admin/resource/memory-defaults.yaml': () => [
		of('v1', 'LimitRange', 'mem-limit-range', {
			limits: [{ default: { memory: '512Mi' }, defaultRequest: { memory: '256Mi' }, type: 'Container' }],
		}),
	],
	'service/load-balancer-example.yaml': () => {
		const labels = { 'app.kubernetes.io/name': 'load-balancer-example' };
		const hello = container('hello-world', 'gcr.io/google-samples/hello-app:2.0', ports(8080));
		return [deployment('hello-world', labels, hello, { replicas: 5 }, labels)];
	},
	'service/access/hello-application.yaml': () => [
		deployment(
			'hello-world',
			{ run: 'load-balancer-example' },
			container('hello-world', 'gcr.io/google-samples/hello-app:2.0', {
				ports: [{ containerPort: 8080, protocol: 'TCP' }],
			}),
			{ replicas: 2 },
		),
	],
	'service/networking/run-my-nginx.yaml': () => [
		deployment('my-nginx', { run: 'my-nginx' }, container('my-nginx', 'nginx', ports(80)), { replicas: 2 }),
	],
	'service/networking/nginx-svc.yaml': () => [
		service('my-nginx', { run: 'my-nginx' }, { port: 80, protocol: 'TCP' }, {}, { run: 'my-nginx' }),
	],
	'service/networking/minimal-ingress.yaml': () => [
		{
			apiVersion: 'networking.k8s.io/v1',
			kind: 'Ingress',
			metadata: { name: 'minimal-ingress', annotations: { 'nginx.ingress.kubernetes.io/rewrite-target': '/' } },
			spec: {
				ingressClassName: 'nginx-example',
				rules: [
					{
						http: {
							paths: [
								{
									path: '/testpath',
									pathType: 'Prefix',
									backend: { service: { name: 'test', port: { number: 80 } } },
								},
							],
						},
					},
				],
			},
		},
	],
	'service/networking/nginx-policy.yaml': () => [
		policy('access-nginx', {
			podSelector: { matchLabels: { app: 'nginx' } },
			ingress: [{ from: [{ podSelector: { matchLabels: { access: 'true' } } }] }],
		}),
	],
	'service/networking/networkpolicy.yaml': () => [
		policy(
			'test-network-policy',
			{
				podSelector: { matchLabels: { role: 'db' } },
				policyTypes: ['Ingress', 'Egress'],
				ingress: [
					{
						from: [
							{ ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] } },
							{ namespaceSelector: { matchLabels: { project: 'myproject' } } },
							{ podSelector: { matchLabels: { role: 'frontend' } } },
						],
						ports: [{ protocol: 'TCP', port: 6379 }],
					},
				],
				egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ protocol: 'TCP', port: 5978 }] }],
			},
			'default',
		),
	],
	'service/networking/network-policy-default-deny-ingress.yaml': () => [
		policy('default-deny-ingress', { podSelector: {}, policyTypes: ['Ingress'] }),
	],
	'service/networking/network-policy-default-deny-egress.yaml': () => [
		policy('default-deny-egress', { podSelector: {}, policyTypes: ['Egress'] }),
	],
	'service/networking/network-policy-default-deny-all.yaml': () => [
		policy('default-deny-all', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
	],
	'service/networking/network-policy-allow-all-ingress.yaml': () => [
		policy('allow-all-ingress', { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] }),
	],
};

export const examplePaths = (): readonly string[] => Object.keys(EXAMPLES);

/** A manifest by its path below `examples/`: JSON is YAML, one document an object. */
export const kubernetesExample = (path: string): string | undefined =>
	Object.hasOwn(EXAMPLES, path)
		? EXAMPLES[path]!()
				.map((object) => `---\n${JSON.stringify(object, null, 2)}\n`)
				.join('')
		: undefined;
