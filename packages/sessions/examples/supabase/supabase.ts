import { supabase } from "../../test/support/supabase.js";

export const supabaseUrl = supabase.url;
export const supabaseKey = "sb_publishable_of_nobody";
