import Theme from "vitepress/theme-without-fonts";
import { alikeTabs } from "./alike-tabs.js";
import "./style.css";

export default { extends: Theme, enhanceApp: alikeTabs };
