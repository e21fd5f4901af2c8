import { hello } from "./cells.js";

hello();
