/** Addresses and their content. */

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
        image: quay.io/cilium/starwars
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
    image: quay.io/cilium/json-mock
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
    image: quay.io/cilium/json-mock
`;

export const PAGES: readonly { readonly pattern: RegExp; readonly text: string }[] = [
	{
		pattern: /^raw\.githubusercontent\.com\/cilium\/cilium\/[^/]+\/examples\/minikube\/http-sw-app\.yaml$/,
		text: STAR_WARS,
	},
];
