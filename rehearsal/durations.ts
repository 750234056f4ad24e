// How long AWS takes for what is not done in seconds.

/** Typical minutes of a type of resources. */
export interface Duration {
  readonly creation: number;
  readonly deletion?: number;
  /** By the input that changes; what is not named takes seconds. */
  readonly update?: Readonly<Record<string, number>>;
}

const NODES_ONE_AFTER_ANOTHER = 15;
const BLUE_GREEN = 20;

/**
 * Where there is no link, they are the middle of what runs of Terraform on AWS printed that people published, and what
 * none of them printed is taken to be as long as a creation.
 */
export const durations: Readonly<Record<string, Duration>> = {
  // Creations from 5m15s to 17m6s, most of 7 to 10; a deletion of 4m45s; small changes of 2m5s and 2m15s.
  "aws:rds/instance:Instance": {
    creation: 10,
    deletion: 5,
    update: {
      instanceClass: 10,
      multiAz: 10,
      engineVersion: 10,
      parameterGroupName: 2,
      allocatedStorage: 2,
      iops: 2,
      storageThroughput: 2,
      maxAllocatedStorage: 2,
      password: 2,
      backupRetentionPeriod: 2,
      performanceInsightsEnabled: 2,
    },
  },
  // Creations from 5m58s to 9m15s; a change of nodes of 15m23s.
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    creation: 8,
    deletion: 5,
    update: {
      nodeType: NODES_ONE_AFTER_ANOTHER,
      numCacheClusters: 8,
      engineVersion: NODES_ONE_AFTER_ANOTHER,
      authToken: 2,
    },
  },
  // 15 to 25 minutes, and as long for what makes a second set of nodes and copies the data.
  // https://alchemy.run/providers/aws/opensearch/domain
  // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html
  "aws:opensearch/domain:Domain": {
    creation: 20,
    deletion: 15,
    update: {
      clusterConfig: BLUE_GREEN,
      engineVersion: BLUE_GREEN,
      ebsOptions: 5,
      advancedSecurityOptions: 5,
    },
  },
  // Seven creations from 2m15s to 3m7s.
  "aws:lb/loadBalancer:LoadBalancer": { creation: 3 },
  // Eight creations from 1m24s to 1m58s, deletions of up to 1m1s.
  "aws:ec2/natGateway:NatGateway": { creation: 2, deletion: 1 },
  // Creations of 1m1s and 1m42s, after records that take half a minute; AWS gives itself 30 minutes.
  // https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
  "aws:acm/certificateValidation:CertificateValidation": { creation: 2 },
  // The migration's task first, then the service's own: each starts, pulls its image and becomes healthy, and what ran
  // before is drained.
  "aws:ecs/service:Service": {
    creation: 5,
    deletion: 2,
    update: { taskDefinition: 5, desiredCount: 2, loadBalancers: 5, networkConfiguration: 5 },
  },
};
