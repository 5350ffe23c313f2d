/** apps, batch, autoscaling, policy. The notation is in `read.ts`. */
export const WORKLOAD_TYPES = `
Deployment
 spec DeploymentSpec
 status WorkloadStatus
DeploymentSpec
 minReadySeconds i
 paused b
 progressDeadlineSeconds i
 replicas i
 revisionHistoryLimit i
 selector LabelSelector!
 strategy DeploymentStrategy ~
 template PodTemplateSpec!
DeploymentStrategy
 rollingUpdate RollingUpdate
 type s
RollingUpdate
 maxSurge x
 maxUnavailable x
 partition i
WorkloadStatus
 * any
 conditions []Condition @type
ReplicaSet
 spec ReplicaSetSpec
 status WorkloadStatus
ReplicaSetSpec
 minReadySeconds i
 replicas i
 selector LabelSelector!
 template PodTemplateSpec
ReplicationController
 spec ReplicationControllerSpec
 status WorkloadStatus
ReplicationControllerSpec
 minReadySeconds i
 replicas i
 selector m
 template PodTemplateSpec
DaemonSet
 spec DaemonSetSpec
 status WorkloadStatus
DaemonSetSpec
 minReadySeconds i
 revisionHistoryLimit i
 selector LabelSelector!
 template PodTemplateSpec!
 updateStrategy UpdateStrategy
UpdateStrategy
 rollingUpdate RollingUpdate
 type s
StatefulSet
 spec StatefulSetSpec
 status WorkloadStatus
StatefulSetSpec
 minReadySeconds i
 ordinals any ^26
 persistentVolumeClaimRetentionPolicy any
 podManagementPolicy s
 replicas i
 revisionHistoryLimit i
 selector LabelSelector!
 serviceName s!
 template PodTemplateSpec!
 updateStrategy UpdateStrategy
 volumeClaimTemplates []PersistentVolumeClaim
ControllerRevision
 data any
 revision i!
Job
 spec JobSpec
 status WorkloadStatus
JobSpec
 activeDeadlineSeconds i
 backoffLimit i
 backoffLimitPerIndex i ^28
 completionMode s
 completions i
 managedBy s ^30
 manualSelector b
 maxFailedIndexes i ^28
 parallelism i
 podFailurePolicy any ^25
 podReplacementPolicy s ^28
 selector LabelSelector
 successPolicy any ^30
 suspend b
 template PodTemplateSpec!
 ttlSecondsAfterFinished i
CronJob
 spec CronJobSpec
 status any
CronJobSpec
 concurrencyPolicy s
 failedJobsHistoryLimit i
 jobTemplate JobTemplateSpec!
 schedule s!
 startingDeadlineSeconds i
 successfulJobsHistoryLimit i
 suspend b
 timeZone s
JobTemplateSpec
 metadata ObjectMeta
 spec JobSpec
HorizontalPodAutoscaler
 spec HorizontalPodAutoscalerSpec
 status any
HorizontalPodAutoscalerSpec
 behavior HorizontalPodAutoscalerBehavior
 maxReplicas i!
 metrics []MetricSpec
 minReplicas i
 scaleTargetRef CrossVersionObjectReference!
 targetCPUUtilizationPercentage i
HorizontalPodAutoscalerBehavior
 scaleDown HPAScalingRules
 scaleUp HPAScalingRules
HPAScalingRules
 policies []HPAScalingPolicy
 selectPolicy s
 stabilizationWindowSeconds i
 tolerance q ^33
HPAScalingPolicy
 periodSeconds i!
 type s!
 value i!
MetricSpec
 containerResource ContainerResourceMetricSource
 external ExternalMetricSource
 object ObjectMetricSource
 pods PodsMetricSource
 resource ResourceMetricSource
 type s!
ContainerResourceMetricSource
 container s!
 name s!
 target MetricTarget!
ExternalMetricSource
 metric MetricIdentifier!
 target MetricTarget!
ObjectMetricSource
 describedObject CrossVersionObjectReference!
 metric MetricIdentifier!
 target MetricTarget!
PodsMetricSource
 metric MetricIdentifier!
 target MetricTarget!
ResourceMetricSource
 name s!
 target MetricTarget!
MetricIdentifier
 name s!
 selector LabelSelector
MetricTarget
 averageUtilization i
 averageValue q
 type s!
 value q
CrossVersionObjectReference
 apiVersion s
 kind s!
 name s!
PodDisruptionBudget
 spec PodDisruptionBudgetSpec
 status any
PodDisruptionBudgetSpec
 maxUnavailable x
 minAvailable x
 selector LabelSelector
 unhealthyPodEvictionPolicy s ^26
PriorityClass
 description s
 globalDefault b
 preemptionPolicy s
 value i!
`;
