import { readConfiguration } from "./config/index.ts";
import { NangoOnAws } from "./aws/nango-on-aws.ts";

export default new NangoOnAws("nango", readConfiguration()).outputs;
