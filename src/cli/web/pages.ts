/** Addresses and their content. */
import { connectivityCheck } from './connectivity-check.ts';

/** Images as examples/minikube/http-sw-app.yaml of Cilium names them, without their digests. */
const STAR_WARS = `---
apiVersion: v1
kind: Service
metadata:
  name: deathstar
  labels:
    app.kubernetes.io/name: deathstar
spec:
  type: ClusterIP
  ports:
  - port: 80
  selector:
    org: empire
    class: deathstar
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: deathstar
  labels:
    app.kubernetes.io/name: deathstar
spec:
  replicas: 2
  selector:
    matchLabels:
      org: empire
      class: deathstar
  template:
    metadata:
      labels:
        org: empire
        class: deathstar
        app.kubernetes.io/name: deathstar
    spec:
      containers:
      - name: deathstar
        image: quay.io/cilium/starwars:v2.1
---
apiVersion: v1
kind: Pod
metadata:
  name: tiefighter
  labels:
    org: empire
    class: tiefighter
    app.kubernetes.io/name: tiefighter
spec:
  containers:
  - name: spaceship
    image: quay.io/cilium/json-mock:v1.3.8
---
apiVersion: v1
kind: Pod
metadata:
  name: xwing
  labels:
    org: alliance
    class: xwing
    app.kubernetes.io/name: xwing
spec:
  containers:
  - name: spaceship
    image: quay.io/cilium/json-mock:v1.3.8
`;

/** Only ships of the empire, only port 80; with `http`, only one request. */
const landingPolicy = (description: string, http = ''): string => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: rule1
spec:
  description: ${description}
  endpointSelector:
    matchLabels:
      org: empire
      class: deathstar
  ingress:
  - fromEndpoints:
    - matchLabels:
        org: empire
    toPorts:
    - ports:
      - port: "80"
        protocol: TCP
${http}`;

const LANDING_REQUEST = `      rules:
        http:
        - method: POST
          path: /v1/request-landing
`;

/** What the guide to policy audit mode begins with: nobody may reach the empire. */
const DENY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: empire-default-deny
spec:
  description: Nothing comes in to the empire
  endpointSelector:
    matchLabels:
      org: empire
  ingress:
  - {}
`;

/** A file of the Cilium repository, at any branch or tag. */
const cilium = (path: string): RegExp =>
	new RegExp(`^raw\\.githubusercontent\\.com/cilium/cilium/[^/]+/examples/${path.replaceAll('.', '\\.')}$`);

interface Content {
	readonly pattern: RegExp;
	readonly text: () => string;
}

export const PAGES: readonly Content[] = [
	{ pattern: cilium('minikube/http-sw-app.yaml'), text: () => STAR_WARS },
	{ pattern: cilium('minikube/sw_deny_policy.yaml'), text: () => DENY },
	{
		pattern: cilium('minikube/sw_l3_l4_policy.yaml'),
		text: () => landingPolicy('Ships of the empire may reach the deathstar, on its one port'),
	},
	{
		pattern: cilium('minikube/sw_l3_l4_l7_policy.yaml'),
		text: () =>
			landingPolicy('Ships of the empire may ask the deathstar for landing, and nothing else', LANDING_REQUEST),
	},
	{
		pattern: cilium('kubernetes/connectivity-check/connectivity-check.yaml'),
		text: connectivityCheck,
	},
];
